using Npgsql;

namespace Fleet.Storage;

/// <summary>The devices and their sessions.</summary>
public sealed class DeviceStore(FleetDatabase database)
{
    private const string Columns =
        "device_id, install_id, session_epoch, agent_version, first_seen, last_seen, stored_utterances, last_sequence_number";

    /// <summary>Opens a session: a new device is made, the same install takes over, another install is refused.</summary>
    public Task<OpenSessionResult> OpenSessionAsync(
        string deviceId, Guid installId, Guid bootId, string agentVersion, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        ArgumentNullException.ThrowIfNull(agentVersion);
        return database.RunAsync<OpenSessionResult>(
            async (connection, token) =>
            {
                // DO UPDATE locks the row: of two sessions that open at once, each gets an epoch of its own. A store in progress holds that
                // lock until it has committed, so nothing of an older session is written after this returns.
                await using NpgsqlCommand open = new(
                    """
                    INSERT INTO devices AS d (device_id, install_id, boot_id, session_epoch, agent_version) VALUES ($1, $2, $3, 1, $4)
                    ON CONFLICT (device_id) DO UPDATE
                       SET session_epoch = d.session_epoch + 1, boot_id = excluded.boot_id, agent_version = excluded.agent_version,
                           last_seen = clock_timestamp()
                     WHERE d.install_id = excluded.install_id
                    RETURNING session_epoch, clock_timestamp(), last_sequence_number
                    """,
                    connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = deviceId },
                        new NpgsqlParameter<Guid> { TypedValue = installId },
                        new NpgsqlParameter<Guid> { TypedValue = bootId },
                        new NpgsqlParameter<string> { TypedValue = DatabaseText.Sanitize(agentVersion, 128) },
                    },
                };
                await using (NpgsqlDataReader reader = await open.ExecuteReaderAsync(token))
                {
                    if (await reader.ReadAsync(token))
                    {
                        long epoch = reader.GetInt64(0);
                        return new SessionOpened(
                            epoch, reader.GetTime(1), NewDevice: epoch == 1, LastSequenceNumber: reader.GetInt64(2));
                    }
                }

                DeviceSummary holder = await GetAsync(connection, deviceId, token)
                    ?? throw new InvalidOperationException($"Device {deviceId} was deleted while it opened a session.");
                return new HeldByOtherInstall(holder.InstallId, holder.LastSeen);
            },
            cancellationToken);
    }

    /// <summary>Every device ever seen, by device id.</summary>
    public Task<IReadOnlyList<DeviceSummary>> ListAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<DeviceSummary>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new($"SELECT {Columns} FROM devices ORDER BY device_id", connection);
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<DeviceSummary> devices = [];
                while (await reader.ReadAsync(token))
                {
                    devices.Add(Read(reader));
                }

                return devices;
            },
            cancellationToken);

    /// <summary>One device; null when it was never seen.</summary>
    public Task<DeviceSummary?> GetAsync(string deviceId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        return DatabaseText.IsStorable(deviceId)
            ? database.RunAsync((connection, token) => GetAsync(connection, deviceId, token), cancellationToken)
            : Task.FromResult<DeviceSummary?>(null);
    }

    /// <summary>Marks devices as seen now. Call it for many at a time, every half minute or so.</summary>
    public Task TouchAsync(IReadOnlyCollection<string> deviceIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deviceIds);
        return database.RunAsync(
            async (connection, token) =>
            {
                // A locked row is being written by a store or a new session, which touch it as well: no reason to wait.
                await using NpgsqlCommand command = new(
                    """
                    UPDATE devices d SET last_seen = clock_timestamp()
                      FROM (SELECT device_id FROM devices WHERE device_id = ANY ($1) FOR NO KEY UPDATE SKIP LOCKED) free
                     WHERE d.device_id = free.device_id
                    """,
                    connection)
                {
                    Parameters = { new NpgsqlParameter<string[]> { TypedValue = [.. deviceIds] } },
                };
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken);
    }

    private static async Task<DeviceSummary?> GetAsync(NpgsqlConnection connection, string deviceId, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new($"SELECT {Columns} FROM devices WHERE device_id = $1", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = deviceId } },
        };
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static DeviceSummary Read(NpgsqlDataReader reader) => new()
    {
        DeviceId = reader.GetString(0),
        InstallId = reader.GetGuid(1),
        SessionEpoch = reader.GetInt64(2),
        AgentVersion = reader.GetString(3),
        FirstSeen = reader.GetTime(4),
        LastSeen = reader.GetTime(5),
        StoredUtterances = reader.GetInt64(6),
        LastSequenceNumber = reader.GetInt64(7),
    };
}
