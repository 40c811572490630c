using Npgsql;

namespace Fleet.Storage;

/// <summary>What devices cannot send, and what is here already.</summary>
public sealed partial class UtteranceStore
{
    private const int BytesPerMillisecond = 32;

    // As StoreStatements.Store, without audio and owner. What was lost long ago is taken all the same: its number is to be accounted for.
    private const string StoreLosses =
        """
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest(
                $1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::smallint[], $7::smallint[], $8::smallint[],
                $9::text[], $10::int[]) WITH ORDINALITY AS t(
                device_id, utterance_id, session_epoch, sequence_number, started_at, clock, trigger, lost_reason, reason, duration_ms, ordinal)
        ),
        inserted AS (
            INSERT INTO utterances (
                device_id, utterance_id, session_epoch, sequence_number, started_at, clock, trigger, lost_reason, reason, duration_ms,
                install_id, end_reason, status, transcribed_at)
            SELECT i.device_id, i.utterance_id, i.session_epoch, i.sequence_number, i.started_at, i.clock, i.trigger, i.lost_reason, i.reason,
                   i.duration_ms, d.install_id, 0, 5, clock_timestamp()
              FROM input i JOIN devices d ON d.device_id = i.device_id AND d.session_epoch = i.session_epoch
             WHERE NOT EXISTS (SELECT FROM erased_utterances e WHERE e.device_id = i.device_id AND e.utterance_id = i.utterance_id)
            ON CONFLICT DO NOTHING
            RETURNING device_id, utterance_id, sequence_number
        ),
        seen AS (
            UPDATE devices d
               SET last_seen = clock_timestamp(), last_sequence_number = greatest(d.last_sequence_number, n.last_sequence_number)
              FROM (SELECT device_id, max(sequence_number) AS last_sequence_number FROM inserted GROUP BY device_id) n
             WHERE d.device_id = n.device_id
        )
        SELECT i.ordinal::int - 1,
               CASE WHEN n.device_id IS NOT NULL THEN 0
                    WHEN u.device_id IS NOT NULL THEN 1
                    WHEN e.device_id IS NOT NULL THEN 3
                    WHEN d.device_id IS NULL THEN 2
                    ELSE 1 END
          FROM input i
          LEFT JOIN inserted n ON n.device_id = i.device_id AND n.utterance_id = i.utterance_id
          LEFT JOIN utterances u ON u.device_id = i.device_id AND u.utterance_id = i.utterance_id
          LEFT JOIN erased_utterances e ON e.device_id = i.device_id AND e.utterance_id = i.utterance_id
          LEFT JOIN devices d ON d.device_id = i.device_id AND d.session_epoch = i.session_epoch
        """;

    // A loss that was reported is a row, too.
    private const string FindStored =
        """
        SELECT utterance_id FROM utterances WHERE device_id = $1 AND utterance_id = ANY ($2)
        UNION
        SELECT utterance_id FROM erased_utterances WHERE device_id = $1 AND utterance_id = ANY ($2)
        """;

    /// <summary>
    /// Writes a row with status LOST for each, in one transaction; the results are in the order of the losses. Duplicate: there is a row
    /// already, which stays as it is. A row that the database cannot hold fails alone.
    /// </summary>
    public async Task<IReadOnlyList<StoreResult>> StoreLossesAsync(IReadOnlyList<NewLoss> losses, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(losses);
        return await StoreDistinctAsync(losses, loss => loss.Key, StoreLossGroupAsync, cancellationToken);
    }

    /// <summary>
    /// Those of the ids that are settled: there is a row, or there was one that was erased. One that is older than the retention and has no
    /// row is none of them: when it is sent, it is refused for good, and the device says so.
    /// </summary>
    public Task<IReadOnlySet<Guid>> FindStoredAsync(
        string deviceId, IReadOnlyList<Guid> utteranceIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        ArgumentNullException.ThrowIfNull(utteranceIds);
        return database.RunAsync<IReadOnlySet<Guid>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(FindStored, connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = deviceId },
                        new NpgsqlParameter<Guid[]> { TypedValue = [.. utteranceIds] },
                    },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                HashSet<Guid> stored = [];
                while (await reader.ReadAsync(token))
                {
                    stored.Add(reader.GetGuid(0));
                }

                return stored;
            },
            cancellationToken);
    }

    private Task StoreLossGroupAsync(List<NewLoss> group, Memory<StoreResult> results, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                string[] deviceIds = [.. group.Select(loss => loss.DeviceId)];
                await using NpgsqlBatch batch = new(connection)
                {
                    BatchCommands =
                    {
                        new NpgsqlBatchCommand(StoreStatements.LockDevices) { Parameters = { new NpgsqlParameter<string[]> { TypedValue = deviceIds } } },
                        new NpgsqlBatchCommand(StoreLosses)
                        {
                            Parameters =
                            {
                                new NpgsqlParameter<string[]> { TypedValue = deviceIds },
                                new NpgsqlParameter<Guid[]> { TypedValue = [.. group.Select(loss => loss.UtteranceId)] },
                                new NpgsqlParameter<long[]> { TypedValue = [.. group.Select(loss => loss.SessionEpoch)] },
                                new NpgsqlParameter<long[]> { TypedValue = [.. group.Select(loss => loss.SequenceNumber)] },
                                new NpgsqlParameter<DateTimeOffset[]> { TypedValue = [.. group.Select(loss => loss.StartedAt.ToUniversalTime())] },
                                new NpgsqlParameter<short[]> { TypedValue = [.. group.Select(loss => (short)loss.Clock)] },
                                new NpgsqlParameter<short[]> { TypedValue = [.. group.Select(loss => (short)loss.Trigger)] },
                                new NpgsqlParameter<short[]> { TypedValue = [.. group.Select(loss => (short)loss.Reason)] },
                                new NpgsqlParameter<string?[]> { TypedValue = [.. group.Select(LossReasons.Describe)] },
                                new NpgsqlParameter<int[]> { TypedValue = [.. group.Select(Duration)] },
                            },
                        },
                    },
                };
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                return await ReadResultsAsync(reader, group.Count, results, hasAttempts: false, token);
            },
            cancellationToken);

    private static int Duration(NewLoss loss) => (int)Math.Clamp(loss.LengthBytes / BytesPerMillisecond, 0, int.MaxValue);
}
