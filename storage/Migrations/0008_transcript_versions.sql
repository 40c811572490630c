-- Transcripts have versions: what each deployment made of an utterance. The row of utterances shows one of them; the others are in transcript_versions.
-- What is recognised once has no row there: it is written with the first recognition that stands beside it.
ALTER TABLE utterances ADD COLUMN endpoint text;
-- Of the recognition that the row shows, in milliseconds: from stored to the call of the endpoint, and the call.
ALTER TABLE utterances ADD COLUMN queued_ms integer;
ALTER TABLE utterances ADD COLUMN scored_ms integer;
-- [{"text", "confidence"}], best first, and [{"word", "start_ms", "end_ms", "confidence"}], where the engine gives them.
ALTER TABLE utterances ADD COLUMN alternatives jsonb;
ALTER TABLE utterances ADD COLUMN words jsonb;
-- Which version the row shows; NULL = what it shows has no row in transcript_versions.
ALTER TABLE utterances ADD COLUMN version integer;

-- Partitioned like utterances, with which they go.
CREATE TABLE transcript_versions (
    device_id    text COLLATE "C" NOT NULL,
    utterance_id uuid NOT NULL,
    -- From 1, in the order in which they were made.
    version      integer NOT NULL,
    -- The run that made it; NULL = it was what the row showed before.
    run_id       uuid,
    -- As in utterances: 2 transcribed, 3 empty. What failed is no version.
    status       smallint NOT NULL CHECK (status IN (2, 3)),
    text         text,
    confidence   real,
    engine       text,
    model        text,
    deployment   text,
    endpoint     text,
    -- Of the row, or of the run, at the time.
    attempt      integer NOT NULL,
    request_id   text,
    queued_ms    integer,
    scored_ms    integer,
    alternatives jsonb,
    words        jsonb,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (device_id, utterance_id, version)
) PARTITION BY RANGE (utterance_id);

CREATE TABLE transcript_versions_default PARTITION OF transcript_versions DEFAULT;

CREATE INDEX transcript_versions_run ON transcript_versions (run_id, utterance_id, device_id) WHERE run_id IS NOT NULL;

-- History that is run through another deployment. The row is the job, as with utterances: owner and attempt fence.
CREATE TABLE retranscriptions (
    run_id       uuid PRIMARY KEY,
    deployment   text NOT NULL,
    -- What was asked for: device_ids, from, to, query, statuses.
    filter       jsonb NOT NULL,
    requested_by text NOT NULL,
    -- 1 running, 2 finished, 3 cancelled, 4 promoting, 5 promoted, 6 discarding, 7 discarded
    state        smallint NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 7),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- When its last utterance was worked, or it was cancelled.
    finished_at  timestamptz,
    -- When somebody promoted or discarded it.
    decided_at   timestamptz,
    decided_by   text,
    owner        bigint,
    attempt      integer NOT NULL DEFAULT 0
) WITH (fillfactor = 70);

CREATE TABLE retranscription_items (
    run_id       uuid NOT NULL REFERENCES retranscriptions ON DELETE CASCADE,
    device_id    text COLLATE "C" NOT NULL,
    utterance_id uuid NOT NULL,
    -- 1 waits, 2 recognised, 3 skipped, 4 failed, 5 promoted, 6 discarded
    state        smallint NOT NULL DEFAULT 1 CHECK (state BETWEEN 1 AND 6),
    -- With 3 and 4: why.
    reason       text,
    -- What the run made of it, and what it was compared with.
    version      integer,
    old_version  integer,
    old_words    integer,
    word_edits   integer,
    PRIMARY KEY (run_id, utterance_id, device_id)
);

CREATE INDEX retranscription_items_state ON retranscription_items (run_id, state, utterance_id, device_id) INCLUDE (word_edits, old_words);
CREATE INDEX retranscription_items_utterance ON retranscription_items (device_id, utterance_id);

-- As in 0003_partitions.sql, with the versions.
CREATE OR REPLACE FUNCTION fleet_ensure_partitions(from_time timestamptz, months integer) RETURNS integer LANGUAGE plpgsql
    SET lock_timeout = '5s' AS $$
DECLARE
    first_month timestamp := date_trunc('month', from_time AT TIME ZONE 'UTC');
    month       timestamp;
    parent      text;
    made        integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(5066549580792432);
    FOREACH parent IN ARRAY ARRAY['utterances', 'utterance_audio', 'transcript_versions'] LOOP
        FOR i IN 0 .. months - 1 LOOP
            month := first_month + make_interval(months => i);
            IF to_regclass(parent || to_char(month, '_YYYY_MM')) IS NULL THEN
                PERFORM fleet_make_partition(parent, parent || to_char(month, '_YYYY_MM'),
                    fleet_uuid_floor(month AT TIME ZONE 'UTC'),
                    fleet_uuid_floor((month + interval '1 month') AT TIME ZONE 'UTC'));
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;

-- The months that are there already: their versions shall go with them.
DO $$
DECLARE
    month timestamp;
BEGIN
    FOR month IN
        SELECT to_date(right(c.relname, 7), 'YYYY_MM')
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = 'utterances'::regclass AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
    LOOP
        PERFORM fleet_ensure_partitions(month AT TIME ZONE 'UTC', 1);
    END LOOP;
END $$;

-- As in 0007_orleans_membership.sql, with the versions and the runs.
CREATE OR REPLACE FUNCTION fleet_grant_reader() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    readable regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fleet_reader') THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO fleet_reader', current_schema());
    FOR readable IN
        SELECT name::regclass FROM unnest(ARRAY[
            'fleet_schema_migrations', 'devices', 'silos', 'utterances', 'utterance_audio', 'erased_utterances',
            'installs', 'install_losses', 'missing_ranges', 'identity_conflicts', 'storage_identity',
            'transcript_versions', 'retranscriptions', 'retranscription_items']) AS name
        UNION ALL
        SELECT inhrelid::regclass FROM pg_inherits
         WHERE inhparent IN ('utterances'::regclass, 'utterance_audio'::regclass, 'transcript_versions'::regclass)
    LOOP
        IF NOT has_table_privilege('fleet_reader', readable, 'SELECT') THEN
            EXECUTE format('GRANT SELECT ON %s TO fleet_reader', readable);
        END IF;
    END LOOP;
END $$;
