-- English stemming without stop words: what is said to a machine is short, and "turn it on" must be found.
CREATE TEXT SEARCH DICTIONARY fleet_english_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION fleet_english (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION fleet_english ALTER MAPPING REPLACE english_stem WITH fleet_english_stem;

-- Partitioned by month by the time within the UUIDv7: fleet_ensure_partitions makes the months.
CREATE TABLE utterances (
    device_id        text COLLATE "C" NOT NULL,
    utterance_id     uuid NOT NULL,
    session_epoch    bigint NOT NULL,
    sequence_number  bigint NOT NULL,
    started_at       timestamptz NOT NULL,
    received_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    duration_ms      integer NOT NULL CHECK (duration_ms >= 0),
    trigger          smallint NOT NULL,
    keyword          text,
    keyword_score    real,
    keyword_model_id text,
    source           text,
    end_reason       smallint NOT NULL,
    -- 1 stored, 2 transcribed, 3 empty, 4 failed, 5 lost
    status           smallint NOT NULL DEFAULT 1 CHECK (status BETWEEN 1 AND 5),
    -- The silo whose job it is to transcribe it; a result is written only where owner and attempt are still these.
    owner            bigint,
    attempt          integer NOT NULL DEFAULT 0,
    text             text,
    text_search      tsvector GENERATED ALWAYS AS (to_tsvector('fleet_english', coalesce(text, ''))) STORED,
    confidence       real,
    reason           text,
    engine           text,
    model            text,
    deployment       text,
    request_id       text,
    transcribed_at   timestamptz,
    -- The transaction that changed it last; readers of the change feed go by it.
    changed_xid      xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (device_id, utterance_id)
) PARTITION BY RANGE (utterance_id);

CREATE TABLE utterances_default PARTITION OF utterances DEFAULT;

CREATE INDEX utterances_history ON utterances (utterance_id, device_id);
CREATE INDEX utterances_feed ON utterances (changed_xid, utterance_id, device_id);
CREATE INDEX utterances_text ON utterances USING gin (text_search);
CREATE INDEX utterances_pending ON utterances (utterance_id) WHERE status = 1;

CREATE TABLE utterance_audio (
    device_id      text COLLATE "C" NOT NULL,
    utterance_id   uuid NOT NULL,
    sample_rate_hz integer NOT NULL CHECK (sample_rate_hz > 0),
    -- Signed 16-bit samples, little endian, mono.
    pcm            bytea NOT NULL,
    PRIMARY KEY (device_id, utterance_id)
) PARTITION BY RANGE (utterance_id);

-- Speech does not compress with what PostgreSQL has: do not try.
ALTER TABLE utterance_audio ALTER COLUMN pcm SET STORAGE EXTERNAL;

CREATE TABLE utterance_audio_default PARTITION OF utterance_audio DEFAULT;

-- What was erased or has expired stays refused when it is sent again.
CREATE TABLE erased_utterances (
    device_id    text COLLATE "C" NOT NULL,
    utterance_id uuid NOT NULL,
    erased_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (device_id, utterance_id)
);

-- The stamp and the bell of the change feed are triggers, so that no writer can forget them. Taking a job (owner, attempt) is not a change.
CREATE FUNCTION fleet_stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id();
    RETURN NEW;
END $$;

CREATE TRIGGER utterances_stamp_change BEFORE UPDATE OF status, text, confidence, reason ON utterances
    FOR EACH ROW EXECUTE FUNCTION fleet_stamp_change();

-- PostgreSQL sends equal notifications of one transaction once.
CREATE FUNCTION fleet_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('fleet_changes', '');
    RETURN NULL;
END $$;

CREATE TRIGGER utterances_ring AFTER INSERT OR UPDATE OF status, text, confidence, reason ON utterances
    FOR EACH STATEMENT EXECUTE FUNCTION fleet_ring();
