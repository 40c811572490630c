using Npgsql;

namespace Fleet.Storage;

/// <summary>The devices and their sessions.</summary>
public sealed partial class DeviceStore(FleetDatabase database)
{
    private const string Columns =
        "device_id, install_id, session_epoch, agent_version, first_seen, last_seen, stored_utterances, last_sequence_number";

    /// <summary>
    /// Opens a session: a new device is made, the same install takes over. Refused and listed (<see cref="ListConflictsAsync"/>) are another
    /// install, and a copy of the install.
    /// </summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="installId">Made once on the machine.</param>
    /// <param name="bootId">Made at each start of the agent.</param>
    /// <param name="agentVersion">For people.</param>
    /// <param name="peer">Where it calls from, for people.</param>
    /// <param name="cancellationToken">Ends the call; the session may have been opened.</param>
    public Task<OpenSessionResult> OpenSessionAsync(
        string deviceId, Guid installId, Guid bootId, string agentVersion, string peer, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        ArgumentNullException.ThrowIfNull(agentVersion);
        ArgumentNullException.ThrowIfNull(peer);
        string version = DatabaseText.Sanitize(agentVersion, 128);
        return database.RunAsync<OpenSessionResult>(
            async (connection, token) =>
            {
                await using (NpgsqlBatch open = SessionStatements.Open(connection, deviceId, installId, bootId, version))
                await using (NpgsqlDataReader reader = await open.ExecuteReaderAsync(token))
                {
                    if (await reader.ReadAsync(token))
                    {
                        long epoch = reader.GetInt64(0);
                        SessionOpened opened = new(epoch, reader.GetTime(1), NewDevice: epoch == 1, LastSequenceNumber: reader.GetInt64(2));

                        // The commit comes after the last statement: its failure shows here.
                        await reader.CloseAsync();
                        return opened;
                    }
                }

                await using NpgsqlBatch refuse = SessionStatements.Refuse(
                    connection, deviceId, installId, bootId, version, DatabaseText.Sanitize(peer, 128));
                await using NpgsqlDataReader holder = await refuse.ExecuteReaderAsync(token);
                if (!await holder.ReadAsync(token))
                {
                    throw new InvalidOperationException($"Device {deviceId} was deleted while it opened a session.");
                }

                (Guid holdsIt, DateTimeOffset lastSeen) = (holder.GetGuid(0), holder.GetTime(1));
                await holder.CloseAsync();
                return holdsIt == installId ? new CopiedInstall(holdsIt, lastSeen) : new HeldByOtherInstall(holdsIt, lastSeen);
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
