-- Numbers of enums (status, trigger, end_reason) are those of contracts/Protos/fleet/v1.

-- Device ids sort by bytes everywhere (COLLATE "C"): pages and the change feed compare them in the program, too.
CREATE TABLE devices (
    device_id            text COLLATE "C" PRIMARY KEY,
    install_id           uuid NOT NULL,
    boot_id              uuid NOT NULL,
    -- Grows with every session; an insert of an older session is refused.
    session_epoch        bigint NOT NULL,
    agent_version        text NOT NULL,
    first_seen           timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_seen            timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Counted in the transaction that stores the rows, so it is exact; never counted down.
    stored_utterances    bigint NOT NULL DEFAULT 0,
    last_sequence_number bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 70); -- updated with every group of utterances: room for updates in place

-- One row a start of a silo. Its rows of utterances are free for others once lease_until has passed.
CREATE TABLE silos (
    epoch       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL,
    started_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    lease_until timestamptz NOT NULL,
    ended_at    timestamptz
) WITH (fillfactor = 70);
