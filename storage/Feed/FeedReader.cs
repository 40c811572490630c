using Npgsql;
using NpgsqlTypes;

namespace Fleet.Storage;

/// <summary>The queries of the change feed.</summary>
/// <remarks>
/// Transactions do not commit in the order of their numbers, so "greater than the last one I saw" would skip rows. Below the oldest one
/// that still runs (xmin of the snapshot that the query itself reads by) nothing can appear any more: up to there, and no further, is read.
/// </remarks>
internal sealed class FeedReader(FleetDatabase database)
{
    // Before a record's own columns: held back, and the position.
    private const int PositionColumn = 1, RecordColumn = 4;

    // One statement, so one snapshot: what is below its xmin is complete in both tables, and what is not is held back. Two statements
    // could miss a row between them: held back for the first, no longer for the second. Always at least one row, for the answer.
    private const string Read =
        $"""
        SELECT held.back, changes.* FROM (
        SELECT EXISTS (SELECT FROM utterances u WHERE u.changed_xid >= pg_snapshot_xmin(pg_current_snapshot()))
            OR EXISTS (SELECT FROM erased_utterances e WHERE e.changed_xid >= pg_snapshot_xmin(pg_current_snapshot())) AS back
        ) held LEFT JOIN (
        (SELECT u.changed_xid, u.utterance_id, u.device_id, {UtteranceRow.Columns}
          FROM utterances u
         WHERE (u.changed_xid, u.utterance_id, u.device_id) > ($1, $2, $3)
           AND u.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY u.changed_xid, u.utterance_id, u.device_id LIMIT $4)
        UNION ALL
        (SELECT e.changed_xid, e.utterance_id, e.device_id, {UtteranceRow.NoColumns}
          FROM erased_utterances e
         WHERE (e.changed_xid, e.utterance_id, e.device_id) > ($1, $2, $3)
           AND e.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY e.changed_xid, e.utterance_id, e.device_id LIMIT $4)
         ORDER BY 1, 2, 3 LIMIT $4
        ) changes ON true ORDER BY 2, 3, 4
        """;

    private const string Current = "SELECT pg_snapshot_xmin(pg_current_snapshot())";

    public Task<FeedPosition> CurrentAsync(CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(Current, connection);
                ulong xmin = (ulong)(await command.ExecuteScalarAsync(token))!; // a snapshot always has one
                return new FeedPosition(xmin, Guid.Empty, "");
            },
            cancellationToken);

    public Task<FeedPage> ReadAsync(FeedPosition after, int max, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(Read, connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<ulong> { TypedValue = after.Xid, NpgsqlDbType = NpgsqlDbType.Xid8 },
                        new NpgsqlParameter<Guid> { TypedValue = after.UtteranceId },
                        new NpgsqlParameter<string> { TypedValue = after.DeviceId },
                        new NpgsqlParameter<int> { TypedValue = max },
                    },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<UtteranceChange> changes = [];
                bool heldBack = false;
                while (await reader.ReadAsync(token))
                {
                    heldBack = reader.GetBoolean(0);
                    if (ReadChange(reader) is { } change)
                    {
                        changes.Add(change);
                    }
                }

                return new FeedPage(changes, heldBack);
            },
            cancellationToken);

    private static UtteranceChange? ReadChange(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(PositionColumn))
        {
            return null;
        }

        FeedPosition position = new(
            reader.GetFieldValue<ulong>(PositionColumn), reader.GetGuid(PositionColumn + 1), reader.GetString(PositionColumn + 2));
        UtteranceRecord? utterance = reader.IsDBNull(RecordColumn) ? null : UtteranceRow.Read(reader, RecordColumn);
        return new UtteranceChange(new UtteranceKey(position.DeviceId, position.UtteranceId), utterance, position);
    }
}
