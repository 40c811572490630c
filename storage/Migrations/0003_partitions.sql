-- The smallest id of a millisecond: 48 bits of Unix milliseconds, then zeros.
CREATE FUNCTION fleet_uuid_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- Makes one partition. Rows of its month that went to the DEFAULT partition meanwhile are moved into it.
CREATE FUNCTION fleet_make_partition(parent text, partition text, lower_id uuid, upper_id uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    columns text;
BEGIN
    -- Not CREATE TABLE … PARTITION OF: that locks out every reader of the parent, ATTACH does not.
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS INCLUDING STORAGE)',
        partition, parent);

    -- From here on nothing more goes to DEFAULT until this transaction is over.
    EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
    SELECT string_agg(quote_ident(attname), ', ') INTO columns
        FROM pg_attribute WHERE attrelid = parent::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    EXECUTE format(
        'WITH moved AS (DELETE FROM %1$I WHERE utterance_id >= $1 AND utterance_id < $2 RETURNING %3$s)
         INSERT INTO %2$I (%3$s) SELECT %3$s FROM moved', parent || '_default', partition, columns) USING lower_id, upper_id;

    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, partition, lower_id, upper_id);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'fleet_reader') THEN
        EXECUTE format('GRANT SELECT ON %I TO fleet_reader', partition);
    END IF;
END $$;

-- Makes sure that the month of from_time and the following ones have partitions; how many were made.
-- The time-out keeps a long reader of DEFAULT from turning this into a queue of everybody behind it: it fails and is tried again.
CREATE FUNCTION fleet_ensure_partitions(from_time timestamptz, months integer) RETURNS integer LANGUAGE plpgsql
    SET lock_timeout = '5s' AS $$
DECLARE
    first_month timestamp := date_trunc('month', from_time AT TIME ZONE 'UTC');
    month       timestamp;
    parent      text;
    made        integer := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(5066549580792432);
    FOREACH parent IN ARRAY ARRAY['utterances', 'utterance_audio'] LOOP
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
