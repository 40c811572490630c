using Npgsql;

namespace Fleet.Storage;

/// <summary>The two statements that store a group. A trigger counts in their transaction what was inserted (0005_accounting.sql).</summary>
internal static class StoreStatements
{
    // A statement of its own: the second one then has a snapshot from after the wait, and sees what the one it waited for has committed
    // (the group itself, when it is sent again after a broken connection). Ordered, so that two groups cannot wait for each other.
    public const string LockDevices = "SELECT device_id FROM devices WHERE device_id = ANY ($1) ORDER BY device_id FOR NO KEY UPDATE";

    // The numbers of outcomes are those of StoreOutcome. The audio is taken out of its array by number: in the CTE it would be written to a
    // temporary file first. Audio whose row was deleted by hand must not keep the row out for ever: it is replaced.
    private const string Store =
        """
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest(
                $1::text[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::int[], $7::smallint[], $8::text[], $9::real[],
                $10::text[], $11::text[], $12::smallint[], $13::int[], $16::smallint[], $18::boolean[],
                $19::int[]) WITH ORDINALITY AS t(
                device_id, utterance_id, session_epoch, sequence_number, started_at, duration_ms, trigger, keyword, keyword_score,
                keyword_model_id, source, end_reason, sample_rate_hz, clock, is_unowned, transcribe_from_ms, ordinal)
        ),
        horizon AS MATERIALIZED (
            SELECT CASE WHEN $17 > 0 THEN fleet_uuid_floor(clock_timestamp() - make_interval(days => $17))
                        ELSE '00000000-0000-0000-0000-000000000000' END AS floor
        ),
        inserted AS (
            INSERT INTO utterances (
                device_id, utterance_id, session_epoch, sequence_number, started_at, duration_ms, trigger, keyword, keyword_score,
                keyword_model_id, source, end_reason, clock, install_id, owner, attempt)
            SELECT i.device_id, i.utterance_id, i.session_epoch, i.sequence_number, i.started_at, i.duration_ms, i.trigger, i.keyword,
                   i.keyword_score, i.keyword_model_id, i.source, i.end_reason, i.clock, d.install_id,
                   CASE WHEN i.is_unowned THEN NULL ELSE $15 END, CASE WHEN i.is_unowned THEN 0 ELSE 1 END
              FROM input i JOIN devices d ON d.device_id = i.device_id AND d.session_epoch = i.session_epoch
             WHERE NOT EXISTS (SELECT FROM erased_utterances e WHERE e.device_id = i.device_id AND e.utterance_id = i.utterance_id)
               AND i.utterance_id >= (SELECT floor FROM horizon)
            ON CONFLICT DO NOTHING
            RETURNING device_id, utterance_id, sequence_number
        ),
        audio AS (
            INSERT INTO utterance_audio (device_id, utterance_id, sample_rate_hz, transcribe_from_ms, pcm)
            SELECT i.device_id, i.utterance_id, i.sample_rate_hz, i.transcribe_from_ms, ($14::bytea[])[i.ordinal]
              FROM input i JOIN inserted n USING (device_id, utterance_id)
            ON CONFLICT (device_id, utterance_id) DO UPDATE
               SET sample_rate_hz = excluded.sample_rate_hz, transcribe_from_ms = excluded.transcribe_from_ms, pcm = excluded.pcm
        ),
        counted AS (
            UPDATE devices d
               SET stored_utterances = d.stored_utterances + n.utterances, last_seen = clock_timestamp(),
                   last_sequence_number = greatest(d.last_sequence_number, n.last_sequence_number)
              FROM (
                    SELECT device_id, count(*) AS utterances, max(sequence_number) AS last_sequence_number
                      FROM inserted GROUP BY device_id) n
             WHERE d.device_id = n.device_id
        )
        SELECT i.ordinal::int - 1,
               CASE WHEN n.device_id IS NOT NULL THEN 0
                    WHEN u.lost_reason IS NOT NULL THEN 3
                    WHEN u.device_id IS NOT NULL THEN 1
                    WHEN e.device_id IS NOT NULL OR i.utterance_id < (SELECT floor FROM horizon) THEN 3
                    WHEN d.device_id IS NULL THEN 2
                    ELSE 1 END,
               CASE WHEN n.device_id IS NOT NULL THEN CASE WHEN i.is_unowned THEN 0 ELSE 1 END
                    WHEN u.status = 1 AND u.owner = $15 THEN u.attempt
                    ELSE 0 END
          FROM input i
          LEFT JOIN inserted n ON n.device_id = i.device_id AND n.utterance_id = i.utterance_id
          LEFT JOIN utterances u ON u.device_id = i.device_id AND u.utterance_id = i.utterance_id
          LEFT JOIN erased_utterances e ON e.device_id = i.device_id AND e.utterance_id = i.utterance_id
          LEFT JOIN devices d ON d.device_id = i.device_id AND d.session_epoch = i.session_epoch
        """;

    public static NpgsqlBatch Create(NpgsqlConnection connection, IReadOnlyList<NewUtterance> group, long ownerEpoch, int retentionDays) => new(connection)
    {
        BatchCommands =
        {
            new NpgsqlBatchCommand(LockDevices) { Parameters = { Array(group, u => u.DeviceId) } },
            new NpgsqlBatchCommand(Store)
            {
                Parameters =
                {
                    Array(group, u => u.DeviceId),
                    Array(group, u => u.UtteranceId),
                    Array(group, u => u.SessionEpoch),
                    Array(group, u => u.SequenceNumber),
                    Array(group, u => u.StartedAt.ToUniversalTime()),
                    Array(group, u => (int)Math.Clamp(u.Duration.TotalMilliseconds, -1, int.MaxValue)),
                    Array(group, u => (short)u.Trigger),
                    Array(group, u => u.Keyword),
                    Array(group, u => u.KeywordScore),
                    Array(group, u => u.KeywordModelId),
                    Array(group, u => u.Source),
                    Array(group, u => (short)u.EndReason),
                    Array(group, u => u.SampleRateHz),
                    Array(group, u => u.Pcm),
                    new NpgsqlParameter<long> { TypedValue = ownerEpoch },
                    Array(group, u => (short)u.Clock),
                    new NpgsqlParameter<int> { TypedValue = retentionDays },
                    Array(group, u => u.IsUnowned),
                    Array(group, u => (int)Math.Clamp(u.TranscribeFrom.TotalMilliseconds, 0, int.MaxValue)),
                },
            },
        },
    };

    private static NpgsqlParameter<T[]> Array<T>(IReadOnlyList<NewUtterance> group, Func<NewUtterance, T> value)
    {
        T[] values = new T[group.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(group[i]);
        }

        return new NpgsqlParameter<T[]> { TypedValue = values };
    }
}
