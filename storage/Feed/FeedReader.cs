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
    private const int KeyColumns = 3;

    // One statement, so one snapshot: what is below its xmin is complete in both tables.
    private const string Read =
        $"""
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
        """;

    private const string HeldBack =
        """
        SELECT EXISTS (SELECT FROM utterances u WHERE u.changed_xid >= pg_snapshot_xmin(pg_current_snapshot()))
            OR EXISTS (SELECT FROM erased_utterances e WHERE e.changed_xid >= pg_snapshot_xmin(pg_current_snapshot()))
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
                await using NpgsqlBatch batch = new(connection)
                {
                    BatchCommands =
                    {
                        new NpgsqlBatchCommand(Read)
                        {
                            Parameters =
                            {
                                new NpgsqlParameter<ulong> { TypedValue = after.Xid, NpgsqlDbType = NpgsqlDbType.Xid8 },
                                new NpgsqlParameter<Guid> { TypedValue = after.UtteranceId },
                                new NpgsqlParameter<string> { TypedValue = after.DeviceId },
                                new NpgsqlParameter<int> { TypedValue = max },
                            },
                        },
                        new NpgsqlBatchCommand(HeldBack),
                    },
                };
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                List<UtteranceChange> changes = [];
                while (await reader.ReadAsync(token))
                {
                    changes.Add(ReadChange(reader));
                }

                await reader.NextResultAsync(token);
                await reader.ReadAsync(token);
                return new FeedPage(changes, reader.GetBoolean(0));
            },
            cancellationToken);

    private static UtteranceChange ReadChange(NpgsqlDataReader reader)
    {
        FeedPosition position = new(reader.GetFieldValue<ulong>(0), reader.GetGuid(1), reader.GetString(2));
        UtteranceRecord? utterance = reader.IsDBNull(KeyColumns) ? null : UtteranceRow.Read(reader, KeyColumns);
        return new UtteranceChange(new UtteranceKey(position.DeviceId, position.UtteranceId), utterance, position);
    }
}
