-- fleet_reader is for logins that only read, such as the dashboard's. It gets what is listed here and nothing that later migrations add
-- unasked: they replace this function. Called after every migration, since the role may be made later than the schema.
CREATE FUNCTION fleet_grant_reader() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    readable regclass;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fleet_reader') THEN
        RETURN;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO fleet_reader', current_schema());
    FOR readable IN
        SELECT name::regclass FROM unnest(ARRAY[
            'fleet_schema_migrations', 'devices', 'silos', 'utterances', 'utterance_audio', 'erased_utterances']) AS name
        UNION ALL
        SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('utterances'::regclass, 'utterance_audio'::regclass)
    LOOP
        IF NOT has_table_privilege('fleet_reader', readable, 'SELECT') THEN
            EXECUTE format('GRANT SELECT ON %s TO fleet_reader', readable);
        END IF;
    END LOOP;
END $$;
