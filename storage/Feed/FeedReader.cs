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
    private const string Read =
        $"""
        SELECT {UtteranceRow.Columns}, u.changed_xid
          FROM utterances u
         WHERE (u.changed_xid, u.utterance_id, u.device_id) > ($1, $2, $3)
           AND u.changed_xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY u.changed_xid, u.utterance_id, u.device_id LIMIT $4
        """;

    private const string HeldBack =
        "SELECT EXISTS (SELECT FROM utterances u WHERE u.changed_xid >= pg_snapshot_xmin(pg_current_snapshot()))";

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
        UtteranceRecord utterance = UtteranceRow.Read(reader);
        ulong xid = reader.GetFieldValue<ulong>(UtteranceRow.ColumnCount);
        return new UtteranceChange(utterance, new FeedPosition(xid, utterance.UtteranceId, utterance.DeviceId));
    }
}
