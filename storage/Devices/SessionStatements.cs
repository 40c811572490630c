using Npgsql;

namespace Fleet.Storage;

/// <summary>The statements that open a session, or record why it was refused.</summary>
internal static class SessionStatements
{
    // Newest starts of an install that are remembered; refused machines that are listed for a device.
    private const int MaxBoots = 64;
    private const int MaxConflicts = 16;

    // DO UPDATE locks the row: of two sessions that open at once, each gets an epoch of its own. A store in progress holds that lock until it
    // has committed, so nothing of an older session is written after this returns.
    private const string OpenSession =
        """
        INSERT INTO devices AS d (device_id, install_id, boot_id, session_epoch, agent_version) VALUES ($1, $2, $3, 1, $4)
        ON CONFLICT (device_id) DO UPDATE
           SET session_epoch = d.session_epoch + 1, boot_id = excluded.boot_id, agent_version = excluded.agent_version,
               last_seen = clock_timestamp()
         WHERE d.install_id = excluded.install_id
           AND (d.boot_id = excluded.boot_id
                OR NOT EXISTS (
                    SELECT FROM install_boots b
                     WHERE b.device_id = excluded.device_id AND b.install_id = excluded.install_id AND b.boot_id = excluded.boot_id))
        RETURNING session_epoch, clock_timestamp(), last_sequence_number
        """;

    // Nothing happens to a machine that was refused: it is not what the device's row says.
    private const string RememberInstall =
        """
        INSERT INTO installs (device_id, install_id)
        SELECT device_id, install_id FROM devices WHERE device_id = $1 AND install_id = $2 AND boot_id = $3
        ON CONFLICT DO NOTHING
        """;

    private const string RememberBoot =
        """
        INSERT INTO install_boots (device_id, install_id, boot_id)
        SELECT device_id, install_id, boot_id FROM devices WHERE device_id = $1 AND install_id = $2 AND boot_id = $3
        ON CONFLICT DO NOTHING
        """;

    private const string ForgetBoots =
        """
        DELETE FROM install_boots WHERE device_id = $1 AND install_id = $2 AND number <= (
            SELECT number FROM install_boots WHERE device_id = $1 AND install_id = $2 ORDER BY number DESC OFFSET $3 LIMIT 1)
        """;

    private const string RecordConflict =
        """
        INSERT INTO identity_conflicts AS c (device_id, kind, install_id, boot_id, agent_version, peer)
        SELECT d.device_id, CASE WHEN d.install_id = $2 THEN 2 ELSE 1 END, $2, $3, $4, $5 FROM devices d WHERE d.device_id = $1
        ON CONFLICT (device_id, kind, install_id) DO UPDATE
           SET boot_id = excluded.boot_id, agent_version = excluded.agent_version, peer = excluded.peer, last_seen = clock_timestamp(),
               attempts = c.attempts + 1
        """;

    private const string ForgetConflicts =
        """
        DELETE FROM identity_conflicts c
         WHERE c.device_id = $1 AND (c.kind, c.install_id) IN (
            SELECT o.kind, o.install_id FROM identity_conflicts o WHERE o.device_id = $1 ORDER BY o.last_seen DESC OFFSET $2)
        """;

    private const string Holder = "SELECT install_id, last_seen FROM devices WHERE device_id = $1";

    /// <summary>A batch is one transaction; its first result is the session, if it was opened.</summary>
    public static NpgsqlBatch Open(NpgsqlConnection connection, string deviceId, Guid installId, Guid bootId, string agentVersion) => new(connection)
    {
        BatchCommands =
        {
            new NpgsqlBatchCommand(OpenSession) { Parameters = { Value(deviceId), Value(installId), Value(bootId), Value(agentVersion) } },
            new NpgsqlBatchCommand(RememberInstall) { Parameters = { Value(deviceId), Value(installId), Value(bootId) } },
            new NpgsqlBatchCommand(RememberBoot) { Parameters = { Value(deviceId), Value(installId), Value(bootId) } },
            new NpgsqlBatchCommand(ForgetBoots) { Parameters = { Value(deviceId), Value(installId), Value(MaxBoots) } },
        },
    };

    /// <summary>Its only result is the install that is the device.</summary>
    public static NpgsqlBatch Refuse(
        NpgsqlConnection connection, string deviceId, Guid installId, Guid bootId, string agentVersion, string peer) => new(connection)
    {
        BatchCommands =
        {
            new NpgsqlBatchCommand(RecordConflict)
            {
                Parameters = { Value(deviceId), Value(installId), Value(bootId), Value(agentVersion), Value(peer) },
            },
            new NpgsqlBatchCommand(ForgetConflicts) { Parameters = { Value(deviceId), Value(MaxConflicts) } },
            new NpgsqlBatchCommand(Holder) { Parameters = { Value(deviceId) } },
        },
    };

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
