-- Every utterance has a number of its install: what became of each number is accounted, and what is missing is found.

-- A row belongs to the install that was the device when it was stored. Neither that nor the clock is a change that the feed tells.
ALTER TABLE utterances ADD COLUMN install_id uuid;
ALTER TABLE utterances ADD COLUMN clock smallint NOT NULL DEFAULT 0;
-- With status lost, when the device reported it: why (fleet.v1.UtteranceLost.Reason).
ALTER TABLE utterances ADD COLUMN lost_reason smallint;
UPDATE utterances u SET install_id = coalesce(
    (SELECT d.install_id FROM devices d WHERE d.device_id = u.device_id), '00000000-0000-0000-0000-000000000000');
ALTER TABLE utterances ALTER COLUMN install_id SET NOT NULL;
CREATE INDEX utterances_numbers ON utterances (device_id, install_id, sequence_number);

-- The number of what was erased is accounted for.
ALTER TABLE erased_utterances ADD COLUMN install_id uuid;
ALTER TABLE erased_utterances ADD COLUMN sequence_number bigint;
CREATE INDEX erased_utterances_numbers ON erased_utterances (device_id, install_id, sequence_number);
CREATE INDEX erased_utterances_age ON erased_utterances (utterance_id);

-- An install of a device, and what became of its numbers. All but next_sequence_number and settled_below is counted in the transaction that
-- writes the rows, so it is exact; nothing is counted down when rows are erased or expire. Who changes a row has locked that of the device.
CREATE TABLE installs (
    device_id            text COLLATE "C" NOT NULL,
    install_id           uuid NOT NULL,
    first_seen           timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The number that its next utterance will have, as it says or as its rows show.
    next_sequence_number bigint NOT NULL DEFAULT 1,
    -- Numbers below were answered for good, says the device.
    settled_below        bigint NOT NULL DEFAULT 1,
    -- Numbers below have been compared with the rows.
    reconciled_below     bigint NOT NULL DEFAULT 1,
    stored               bigint NOT NULL DEFAULT 0,
    lost                 bigint NOT NULL DEFAULT 0,
    missing              bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (device_id, install_id)
) WITH (fillfactor = 70);

CREATE TABLE install_losses (
    device_id  text COLLATE "C" NOT NULL,
    install_id uuid NOT NULL,
    -- fleet.v1.UtteranceLost.Reason; 0 = its audio vanished from the database.
    reason     smallint NOT NULL,
    utterances bigint NOT NULL,
    PRIMARY KEY (device_id, install_id, reason)
);

-- Numbers that the device says are settled and that have no row. A jump of the numbers is one range, however far.
CREATE TABLE missing_ranges (
    device_id    text COLLATE "C" NOT NULL,
    install_id   uuid NOT NULL,
    first_number bigint NOT NULL,
    last_number  bigint NOT NULL CHECK (last_number >= first_number),
    found_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (device_id, install_id, first_number)
);

-- The starts of the agent that have been seen, the newest ones: one that comes again after a newer one is a copy of the install.
CREATE TABLE install_boots (
    device_id  text COLLATE "C" NOT NULL,
    install_id uuid NOT NULL,
    boot_id    uuid NOT NULL,
    number     bigint GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (device_id, install_id, boot_id)
);

-- Machines that were refused. kind: 1 another install, 2 a copy of the install.
CREATE TABLE identity_conflicts (
    device_id     text COLLATE "C" NOT NULL,
    kind          smallint NOT NULL,
    install_id    uuid NOT NULL,
    boot_id       uuid NOT NULL,
    agent_version text NOT NULL,
    peer          text NOT NULL,
    first_seen    timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen     timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts      bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (device_id, kind, install_id)
);

-- Names this database where the server does not tell its own identifier.
CREATE TABLE storage_identity (identifier uuid NOT NULL DEFAULT gen_random_uuid());
INSERT INTO storage_identity DEFAULT VALUES;

-- What is there already. Its numbers are compared with the rows once their devices say what is settled.
INSERT INTO installs (device_id, install_id, first_seen)
    SELECT device_id, install_id, first_seen FROM devices;
INSERT INTO installs AS i (device_id, install_id, first_seen, next_sequence_number, stored, lost)
    SELECT device_id, install_id, min(received_at), max(sequence_number) + 1, count(*) FILTER (WHERE status <> 5),
           count(*) FILTER (WHERE status = 5)
      FROM utterances GROUP BY device_id, install_id
    ON CONFLICT (device_id, install_id) DO UPDATE
       SET next_sequence_number = excluded.next_sequence_number, stored = excluded.stored, lost = excluded.lost;
INSERT INTO install_losses (device_id, install_id, reason, utterances)
    SELECT device_id, install_id, 0, count(*) FROM utterances WHERE status = 5 GROUP BY device_id, install_id;
INSERT INTO install_boots (device_id, install_id, boot_id) SELECT device_id, install_id, boot_id FROM devices;

-- Counting is a trigger, so that no writer can forget it. Only what was really inserted is in the table of added rows.
CREATE FUNCTION fleet_account_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    late  record;
    range record;
BEGIN
    -- A loss whose number was accounted for before (its row has expired since) is not counted again.
    INSERT INTO installs AS i (device_id, install_id, next_sequence_number, stored, lost)
    SELECT a.device_id, a.install_id, max(a.sequence_number) + 1, count(*) FILTER (WHERE a.status <> 5),
           count(*) FILTER (WHERE a.status = 5 AND NOT fleet_is_accounted(a.device_id, a.install_id, a.sequence_number))
      FROM added a GROUP BY a.device_id, a.install_id
    ON CONFLICT (device_id, install_id) DO UPDATE
       SET next_sequence_number = greatest(i.next_sequence_number, excluded.next_sequence_number),
           stored = i.stored + excluded.stored, lost = i.lost + excluded.lost;

    INSERT INTO install_losses AS l (device_id, install_id, reason, utterances)
    SELECT a.device_id, a.install_id, coalesce(a.lost_reason, 0), count(*)
      FROM added a
     WHERE a.status = 5 AND NOT fleet_is_accounted(a.device_id, a.install_id, a.sequence_number)
     GROUP BY a.device_id, a.install_id, coalesce(a.lost_reason, 0)
    ON CONFLICT (device_id, install_id, reason) DO UPDATE SET utterances = l.utterances + excluded.utterances;

    FOR late IN
        SELECT a.device_id, a.install_id, a.sequence_number
          FROM added a JOIN missing_ranges m
            ON m.device_id = a.device_id AND m.install_id = a.install_id
           AND m.first_number <= a.sequence_number AND m.last_number >= a.sequence_number
    LOOP
        -- Looked for again: a number before this one may have split its range.
        DELETE FROM missing_ranges m
         WHERE m.device_id = late.device_id AND m.install_id = late.install_id
           AND m.first_number <= late.sequence_number AND m.last_number >= late.sequence_number
        RETURNING m.first_number, m.last_number, m.found_at INTO range;
        IF FOUND THEN
            INSERT INTO missing_ranges (device_id, install_id, first_number, last_number, found_at)
            SELECT late.device_id, late.install_id, piece.first_number, piece.last_number, range.found_at
              FROM (VALUES (range.first_number, late.sequence_number - 1), (late.sequence_number + 1, range.last_number))
                   AS piece (first_number, last_number)
             WHERE piece.first_number <= piece.last_number;
            UPDATE installs i SET missing = i.missing - 1 WHERE i.device_id = late.device_id AND i.install_id = late.install_id;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE FUNCTION fleet_is_accounted(of_device text, of_install uuid, number bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
            SELECT FROM installs i WHERE i.device_id = of_device AND i.install_id = of_install AND i.reconciled_below > number)
       AND NOT EXISTS (
            SELECT FROM missing_ranges m
             WHERE m.device_id = of_device AND m.install_id = of_install AND m.first_number <= number AND m.last_number >= number)
$$;

CREATE TRIGGER utterances_account_added AFTER INSERT ON utterances REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION fleet_account_added();

-- A row that was stored, and whose audio is not there when it is to be transcribed.
CREATE FUNCTION fleet_account_vanished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE installs i SET stored = i.stored - 1, lost = i.lost + 1 WHERE i.device_id = NEW.device_id AND i.install_id = NEW.install_id;
    INSERT INTO install_losses AS l (device_id, install_id, reason, utterances) VALUES (NEW.device_id, NEW.install_id, 0, 1)
    ON CONFLICT (device_id, install_id, reason) DO UPDATE SET utterances = l.utterances + 1;
    RETURN NULL;
END $$;

CREATE TRIGGER utterances_account_vanished AFTER UPDATE OF status ON utterances
    FOR EACH ROW WHEN (NEW.status = 5 AND OLD.status <> 5) EXECUTE FUNCTION fleet_account_vanished();

-- As in 0004_reader.sql, with what the dashboard reads of the new tables.
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
            'installs', 'install_losses', 'missing_ranges', 'identity_conflicts']) AS name
        UNION ALL
        SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('utterances'::regclass, 'utterance_audio'::regclass)
    LOOP
        IF NOT has_table_privilege('fleet_reader', readable, 'SELECT') THEN
            EXECUTE format('GRANT SELECT ON %s TO fleet_reader', readable);
        END IF;
    END LOOP;
END $$;
