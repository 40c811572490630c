-- Who is in the Orleans cluster (docs/decisions/0005). The clustering provider reads its statements from OrleansQuery, a name that it has fixed, and gives
-- them named parameters; the tables behind them are ours. Every change of a member counts the cluster's version up, and only from the version that
-- the silo has read: of two silos that change the table at once one is told to read again.
CREATE TABLE orleans_clusters (
    cluster_id text PRIMARY KEY,
    version    integer NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row a start of a silo (generation), also of those that are dead: a silo that comes back is told that it was given up.
CREATE TABLE orleans_members (
    cluster_id    text NOT NULL REFERENCES orleans_clusters,
    address       text NOT NULL,
    port          integer NOT NULL,
    generation    integer NOT NULL,
    silo_name     text NOT NULL,
    host_name     text NOT NULL,
    -- Orleans.Runtime.SiloStatus: 3 active, 6 dead.
    status        integer NOT NULL,
    -- Where clients connect; 0 = this silo takes none.
    gateway_port  integer NOT NULL,
    suspect_times text,
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
) WITH (fillfactor = 50);

CREATE TABLE orleansquery (querykey text PRIMARY KEY, querytext text NOT NULL);

INSERT INTO orleansquery (querykey, querytext) VALUES
('InsertMembershipVersionKey', $query$
    WITH made AS (INSERT INTO orleans_clusters (cluster_id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT EXISTS (SELECT FROM made)
$query$),
('InsertMembershipKey', $query$
    WITH counted AS (
        UPDATE orleans_clusters SET version = version + 1, changed_at = clock_timestamp()
         WHERE cluster_id = @DeploymentId AND version = @Version
           AND NOT EXISTS (
               SELECT FROM orleans_members
                WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id),
    added AS (
        INSERT INTO orleans_members (cluster_id, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
        SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM counted
        RETURNING 1)
    SELECT EXISTS (SELECT FROM added)
$query$),
('UpdateMembershipKey', $query$
    WITH counted AS (
        UPDATE orleans_clusters SET version = version + 1, changed_at = clock_timestamp()
         WHERE cluster_id = @DeploymentId AND version = @Version
           AND EXISTS (
               SELECT FROM orleans_members
                WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id),
    changed AS (
        UPDATE orleans_members m
           SET status = @Status, suspect_times = @SuspectTimes, alive_at = greatest(m.alive_at, @IAmAliveTime)
          FROM counted
         WHERE m.cluster_id = counted.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
        RETURNING 1)
    SELECT EXISTS (SELECT FROM changed)
$query$),
('UpdateIAmAlivetimeKey', $query$
    UPDATE orleans_members SET alive_at = greatest(alive_at, @IAmAliveTime)
     WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$),
('MembershipReadAllKey', $query$
    SELECT m.address, m.port, m.generation, m.silo_name AS siloname, m.host_name AS hostname, m.status, m.gateway_port AS proxyport,
           m.suspect_times AS suspecttimes, m.started_at AS starttime, m.alive_at AS iamalivetime, c.version
      FROM orleans_clusters c LEFT JOIN orleans_members m ON m.cluster_id = c.cluster_id
     WHERE c.cluster_id = @DeploymentId
$query$),
('MembershipReadRowKey', $query$
    SELECT m.address, m.port, m.generation, m.silo_name AS siloname, m.host_name AS hostname, m.status, m.gateway_port AS proxyport,
           m.suspect_times AS suspecttimes, m.started_at AS starttime, m.alive_at AS iamalivetime, c.version
      FROM orleans_clusters c
      LEFT JOIN orleans_members m ON m.cluster_id = c.cluster_id AND m.address = @Address AND m.port = @Port AND m.generation = @Generation
     WHERE c.cluster_id = @DeploymentId
$query$),
('GatewaysQueryKey', $query$
    SELECT address, gateway_port AS proxyport, generation FROM orleans_members
     WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
$query$),
('DeleteMembershipTableEntriesKey', $query$
    WITH gone AS (DELETE FROM orleans_members WHERE cluster_id = @DeploymentId)
    UPDATE orleans_clusters SET version = version + 1, changed_at = clock_timestamp() WHERE cluster_id = @DeploymentId
$query$),
('CleanupDefunctSiloEntriesKey', $query$
    DELETE FROM orleans_members
     WHERE cluster_id = @DeploymentId AND status = 6 AND alive_at < @IAmAliveTime AND started_at < @IAmAliveTime
$query$),
-- One that is as it was when it was looked at.
('CleanupDefunctSiloEntryKey', $query$
    DELETE FROM orleans_members
     WHERE cluster_id = @DeploymentId AND status = 6 AND address = @Address AND port = @Port AND generation = @Generation
       AND alive_at = @IAmAliveTime AND started_at = @StartTime AND coalesce(suspect_times, '') = coalesce(@SuspectTimes, '')
$query$);

-- As in 0005_accounting.sql, with what the storage generation is made of. The members are the silos' own: the dashboard asks a silo.
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
            'installs', 'install_losses', 'missing_ranges', 'identity_conflicts', 'storage_identity']) AS name
        UNION ALL
        SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent IN ('utterances'::regclass, 'utterance_audio'::regclass)
    LOOP
        IF NOT has_table_privilege('fleet_reader', readable, 'SELECT') THEN
            EXECUTE format('GRANT SELECT ON %s TO fleet_reader', readable);
        END IF;
    END LOOP;
END $$;
