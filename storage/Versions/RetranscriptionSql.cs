namespace Fleet.Storage;

/// <summary>The SQL of <see cref="RetranscriptionStore"/>.</summary>
internal static class RetranscriptionSql
{
    public const string InsertRun =
        """
        INSERT INTO retranscriptions (run_id, deployment, filter, requested_by)
        SELECT $1, $2, $3::jsonb, $4 WHERE (SELECT count(*) FROM retranscriptions WHERE state NOT IN (5, 7)) < $5
        ON CONFLICT DO NOTHING
        """;

    public const string Exists = "SELECT EXISTS (SELECT FROM retranscriptions WHERE run_id = $1)";

    // As in HistorySql: parameters are null where there is no condition.
    public const string InsertItems =
        """
        INSERT INTO retranscription_items (run_id, device_id, utterance_id)
        SELECT $1, u.device_id, u.utterance_id
          FROM utterances u
         WHERE u.status = ANY ($2)
           AND ($3::text[] IS NULL OR u.device_id = ANY ($3))
           AND ($4::timestamptz IS NULL OR (u.started_at >= $4 AND u.utterance_id >= $5::uuid))
           AND ($6::timestamptz IS NULL OR (u.started_at < $6 AND u.utterance_id < $7::uuid))
           AND ($8::text IS NULL OR u.text_search @@ websearch_to_tsquery('fleet_english', $8))
         LIMIT $9
        """;

    // $1: one run or, when null, the newest ones.
    public const string Runs =
        """
        WITH runs AS (
            SELECT * FROM retranscriptions WHERE $1::uuid IS NULL OR run_id = $1 ORDER BY created_at DESC, run_id LIMIT $2
        )
        SELECT r.run_id, r.deployment, r.filter::text, r.requested_by, r.state, r.created_at, r.finished_at, r.decided_at, r.decided_by,
               c.waiting, c.recognised, c.skipped, c.failed, c.promoted, c.discarded, c.differing, c.old_words, c.word_edits
          FROM runs r CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE i.state = 1) AS waiting, count(*) FILTER (WHERE i.state = 2) AS recognised,
                       count(*) FILTER (WHERE i.state = 3) AS skipped, count(*) FILTER (WHERE i.state = 4) AS failed,
                       count(*) FILTER (WHERE i.state = 5) AS promoted, count(*) FILTER (WHERE i.state = 6) AS discarded,
                       count(*) FILTER (WHERE i.word_edits > 0) AS differing, coalesce(sum(i.old_words), 0) AS old_words,
                       coalesce(sum(i.word_edits), 0) AS word_edits
                  FROM retranscription_items i WHERE i.run_id = r.run_id) AS c
         ORDER BY r.created_at DESC, r.run_id
        """;

    public const string Items =
        """
        SELECT i.device_id, i.utterance_id, u.started_at, i.state, i.reason,
               CASE WHEN o.version IS NOT NULL THEN coalesce(o.text, '') END, o.deployment,
               CASE WHEN n.version IS NOT NULL THEN coalesce(n.text, '') END, n.confidence
          FROM retranscription_items i
          LEFT JOIN utterances u ON u.device_id = i.device_id AND u.utterance_id = i.utterance_id
          LEFT JOIN transcript_versions o ON o.device_id = i.device_id AND o.utterance_id = i.utterance_id AND o.version = i.old_version
          LEFT JOIN transcript_versions n ON n.device_id = i.device_id AND n.utterance_id = i.utterance_id AND n.version = i.version
         WHERE i.run_id = $1 AND (i.utterance_id, i.device_id) > ($2, $3) AND (NOT $4 OR i.word_edits > 0)
         ORDER BY i.utterance_id, i.device_id LIMIT $5
        """;

    // As the claim of utterances: the owner is compared with a list and not joined, and a silo whose own lease has ended gets nothing. Its own, too:
    // what it lost sight of when the database was away. The attempt fences what is still on its way.
    public const string Claim =
        """
        WITH free AS (
            SELECT r.run_id FROM retranscriptions r
             WHERE r.state = ANY ($2)
               AND (r.owner IS NULL OR r.owner = $1
                    OR r.owner = ANY (ARRAY(SELECT s.epoch FROM silos s WHERE s.lease_until < clock_timestamp())))
               AND EXISTS (SELECT FROM silos c WHERE c.epoch = $1 AND c.lease_until >= clock_timestamp())
             ORDER BY r.created_at, r.run_id LIMIT 1
               FOR UPDATE SKIP LOCKED
        )
        UPDATE retranscriptions r SET owner = $1, attempt = r.attempt + 1
          FROM free f WHERE r.run_id = f.run_id
        RETURNING r.run_id, r.deployment, r.state, r.attempt
        """;

    public const string IsMine = "SELECT EXISTS (SELECT FROM retranscriptions WHERE run_id = $1 AND owner = $2 AND attempt = $3 AND state = $4)";

    public const string Next =
        """
        SELECT i.device_id, i.utterance_id, coalesce(u.status IN (2, 3, 4), false), CASE WHEN u.status IN (2, 3) THEN coalesce(u.text, '') END
          FROM retranscription_items i
          LEFT JOIN utterances u ON u.device_id = i.device_id AND u.utterance_id = i.utterance_id
         WHERE i.run_id = $1 AND i.state = 1 AND (i.utterance_id, i.device_id) > ($2, $3)
         ORDER BY i.utterance_id, i.device_id LIMIT $4
        """;

    // By one statement of its own before the others: they see what the one it waited for has committed. Who erases the row takes it first, too.
    public const string LockUtterance = "SELECT device_id FROM utterances WHERE device_id = $1 AND utterance_id = $2 FOR NO KEY UPDATE";

    private const string MyRun = "SELECT run_id FROM retranscriptions WHERE run_id = $1 AND owner = $2 AND attempt = $3";

    private const string Recognition =
        "status, text, confidence, engine, model, deployment, endpoint, attempt, request_id, queued_ms, scored_ms, alternatives, words";

    public const string AddVersion =
        $"""
        WITH run AS ({MyRun} AND state = 1 FOR SHARE),
        item AS (
            SELECT i.run_id FROM retranscription_items i JOIN run USING (run_id) WHERE i.device_id = $4 AND i.utterance_id = $5 AND i.state = 1
        ),
        shown AS (
            SELECT u.* FROM utterances u, item WHERE u.device_id = $4 AND u.utterance_id = $5 AND u.status IN (2, 3, 4)
        ),
        top AS (
            SELECT coalesce(max(v.version), 0) AS version FROM transcript_versions v WHERE v.device_id = $4 AND v.utterance_id = $5
        ),
        kept AS (
            INSERT INTO transcript_versions (device_id, utterance_id, version, created_at, {Recognition})
            SELECT s.device_id, s.utterance_id, top.version + 1, coalesce(s.transcribed_at, s.received_at),
                   s.status, s.text, s.confidence, s.engine, s.model, s.deployment, s.endpoint, s.attempt, s.request_id, s.queued_ms, s.scored_ms,
                   s.alternatives, s.words
              FROM shown s, top WHERE s.version IS NULL AND s.status IN (2, 3)
            RETURNING version
        ),
        marked AS (
            UPDATE utterances u SET version = k.version FROM kept k WHERE u.device_id = $4 AND u.utterance_id = $5
        ),
        added AS (
            INSERT INTO transcript_versions (device_id, utterance_id, version, run_id, {Recognition})
            SELECT s.device_id, s.utterance_id, top.version + 1 + (SELECT count(*)::int FROM kept), $1,
                   $6::smallint, $7, $8, $9, $10, $11, $12, $3, $13, $14, $15, $16::jsonb, $17::jsonb
              FROM shown s, top
            RETURNING version
        ),
        done AS (
            UPDATE retranscription_items i
               SET state = 2, version = a.version, old_version = coalesce((SELECT version FROM kept), s.version), old_words = $18, word_edits = $19
              FROM added a, shown s
             WHERE i.run_id = $1 AND i.device_id = $4 AND i.utterance_id = $5
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM run), EXISTS (SELECT FROM done)
        """;

    public const string EndItem =
        $"""
        WITH run AS ({MyRun} AND state = 1 FOR SHARE),
        done AS (
            UPDATE retranscription_items i SET state = $6, reason = $7
              FROM run r WHERE i.run_id = r.run_id AND i.device_id = $4 AND i.utterance_id = $5 AND i.state = 1
            RETURNING 1
        )
        SELECT EXISTS (SELECT FROM run), EXISTS (SELECT FROM done)
        """;

    public const string Finish =
        """
        UPDATE retranscriptions r SET state = 2, owner = NULL, finished_at = clock_timestamp()
         WHERE r.run_id = $1 AND r.owner = $2 AND r.attempt = $3 AND r.state = 1
           AND NOT EXISTS (SELECT FROM retranscription_items i WHERE i.run_id = r.run_id AND i.state = 1)
        """;

    // The decisions of people. Asked again they change nothing.
    public const string Cancel =
        "UPDATE retranscriptions SET state = 3, owner = NULL, finished_at = clock_timestamp() WHERE run_id = $1 AND state = 1";

    public const string Decide =
        """
        UPDATE retranscriptions SET state = $2, owner = NULL, decided_at = clock_timestamp(), decided_by = $3
         WHERE run_id = $1 AND state IN (2, 3)
        """;

    // Ordered, as who stores and erases does: two of them cannot wait for each other.
    public const string LockDevicesOfNext =
        """
        SELECT d.device_id FROM devices d
         WHERE d.device_id IN (
                SELECT n.device_id FROM (
                    SELECT i.device_id FROM retranscription_items i
                     WHERE i.run_id = $1 AND i.state = 2 ORDER BY i.utterance_id, i.device_id LIMIT $2) AS n)
         ORDER BY d.device_id FOR NO KEY UPDATE
        """;

    private const string NextRecognised =
        "SELECT i.* FROM retranscription_items i JOIN run USING (run_id) WHERE i.state = 2 ORDER BY i.utterance_id, i.device_id LIMIT $4";

    // What is shown and has no version (it was tried again after the run had recognised it) becomes one before it is replaced.
    public const string Promote =
        $"""
        WITH run AS ({MyRun} AND state = 4 FOR SHARE),
        next AS ({NextRecognised}),
        kept AS (
            INSERT INTO transcript_versions (device_id, utterance_id, version, created_at, {Recognition})
            SELECT u.device_id, u.utterance_id,
                   (SELECT max(v.version) + 1 FROM transcript_versions v WHERE v.device_id = u.device_id AND v.utterance_id = u.utterance_id),
                   coalesce(u.transcribed_at, u.received_at),
                   u.status, u.text, u.confidence, u.engine, u.model, u.deployment, u.endpoint, u.attempt, u.request_id, u.queued_ms, u.scored_ms,
                   u.alternatives, u.words
              FROM utterances u JOIN next n ON n.device_id = u.device_id AND n.utterance_id = u.utterance_id
             WHERE u.version IS NULL AND u.status IN (2, 3)
        ),
        changed AS (
            UPDATE utterances u
               SET status = v.status, text = v.text, confidence = v.confidence, reason = NULL, engine = v.engine, model = v.model,
                   deployment = v.deployment, request_id = v.request_id, transcribed_at = clock_timestamp(), endpoint = v.endpoint,
                   queued_ms = v.queued_ms, scored_ms = v.scored_ms, alternatives = v.alternatives, words = v.words, version = v.version
              FROM next n JOIN transcript_versions v
                ON v.device_id = n.device_id AND v.utterance_id = n.utterance_id AND v.version = n.version
             WHERE u.device_id = n.device_id AND u.utterance_id = n.utterance_id AND u.status IN (2, 3, 4)
            RETURNING u.device_id, u.utterance_id
        ),
        done AS (
            UPDATE retranscription_items i
               SET state = CASE WHEN c.device_id IS NULL THEN 3 ELSE 5 END,
                   reason = CASE WHEN c.device_id IS NULL THEN 'It waits for another transcript, or is gone.' END
              FROM next n LEFT JOIN changed c ON c.device_id = n.device_id AND c.utterance_id = n.utterance_id
             WHERE i.run_id = n.run_id AND i.device_id = n.device_id AND i.utterance_id = n.utterance_id
        )
        SELECT EXISTS (SELECT FROM run), (SELECT count(*)::int FROM next)
        """;

    public const string Discard =
        $"""
        WITH run AS ({MyRun} AND state = 6 FOR SHARE),
        next AS ({NextRecognised}),
        gone AS (
            DELETE FROM transcript_versions v USING next n
             WHERE v.device_id = n.device_id AND v.utterance_id = n.utterance_id AND v.version = n.version AND v.run_id = n.run_id
        ),
        done AS (
            UPDATE retranscription_items i SET state = 6, version = NULL FROM next n
             WHERE i.run_id = n.run_id AND i.device_id = n.device_id AND i.utterance_id = n.utterance_id
        )
        SELECT EXISTS (SELECT FROM run), (SELECT count(*)::int FROM next)
        """;

    public const string Settle =
        """
        UPDATE retranscriptions r SET state = $4 + 1, owner = NULL
         WHERE r.run_id = $1 AND r.owner = $2 AND r.attempt = $3 AND r.state = $4
           AND NOT EXISTS (SELECT FROM retranscription_items i WHERE i.run_id = r.run_id AND i.state = 2)
        """;
}
