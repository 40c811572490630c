namespace Fleet.Storage;

/// <summary>The SQL of <see cref="TranscriptHistory"/>.</summary>
internal static class HistorySql
{
    // Parameters are null where there is no condition. Not prepared, so each is planned with its values, and what is null costs nothing.
    // A comparison of rows does not choose partitions: the plain one beside it does.
    private const string Select =
        $"""
        SELECT {UtteranceRow.Columns},
               CASE WHEN $1::text IS NOT NULL THEN
                   ts_headline(
                       'fleet_english', translate(u.text, $9::text, $10::text), websearch_to_tsquery('fleet_english', $1), $11::text) END
          FROM utterances u
         WHERE ($1::text IS NULL OR u.text_search @@ websearch_to_tsquery('fleet_english', $1))
           AND ($2::text[] IS NULL OR u.device_id = ANY ($2))
           AND ($3::smallint[] IS NULL OR u.status = ANY ($3))
           AND ($4::timestamptz IS NULL OR (u.started_at >= $4 AND u.utterance_id >= $5::uuid))
           AND ($6::timestamptz IS NULL OR (u.started_at < $6 AND u.utterance_id < $7::uuid))
        """;

    public const string NewestFirst =
        $"""
        {Select}
           AND ($12::uuid IS NULL OR (u.utterance_id <= $12 AND (u.utterance_id, u.device_id) < ($12, $13::text)))
         ORDER BY u.utterance_id DESC, u.device_id DESC LIMIT $8
        """;

    public const string OldestFirst =
        $"""
        {Select}
           AND ($12::uuid IS NULL OR (u.utterance_id >= $12 AND (u.utterance_id, u.device_id) > ($12, $13::text)))
         ORDER BY u.utterance_id, u.device_id LIMIT $8
        """;

    public const string One = $"SELECT {UtteranceRow.Columns} FROM utterances u WHERE u.device_id = $1 AND u.utterance_id = $2";

    public const string CountByStatus = "SELECT status, count(*) FROM utterances GROUP BY status";

    public const string CountDevices = "SELECT count(*)::int, clock_timestamp(), (SELECT min(received_at) FROM utterances WHERE status = 1) FROM devices";

    public const string CountByMinute =
        """
        SELECT minute, coalesce(c.utterances, 0), coalesce(c.transcribed, 0), coalesce(c.failed, 0)
          FROM generate_series(
                date_trunc('minute', now()) - interval '59 minutes', date_trunc('minute', now()), interval '1 minute') AS minute
          LEFT JOIN (
                SELECT date_trunc('minute', started_at) AS minute, count(*) AS utterances,
                       count(*) FILTER (WHERE status = 2) AS transcribed,
                       count(*) FILTER (WHERE status IN (4, 5)) AS failed
                  FROM utterances
                 WHERE started_at >= date_trunc('minute', now()) - interval '59 minutes'
                   AND utterance_id >= fleet_uuid_floor(date_trunc('minute', now()) - interval '59 minutes' - $1::interval)
                 GROUP BY 1) c USING (minute)
         ORDER BY minute
        """;

    public const string Latest =
        $"SELECT {UtteranceRow.Columns} FROM utterances u WHERE u.status = 2 ORDER BY u.utterance_id DESC, u.device_id DESC LIMIT 10";
}
