using Npgsql;
using Kind = Fleet.V1.IdentityConflict.Types.Kind;

namespace Fleet.Storage;

/// <summary>Which machine a device is, and what it says about its numbers.</summary>
public sealed partial class DeviceStore
{
    // Beyond that a number is a mistake of the device, and sums of them would not fit.
    private const long MaxNumber = 1L << 53;

    private const string LockDevices = "SELECT device_id FROM devices WHERE device_id = ANY ($1) ORDER BY device_id FOR NO KEY UPDATE";

    private const string Report =
        """
        UPDATE installs i
           SET next_sequence_number = greatest(i.next_sequence_number, t.next_number),
               settled_below = greatest(i.settled_below, least(t.settled_below, greatest(i.next_sequence_number, t.next_number)))
          FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS t(device_id, session_epoch, next_number, settled_below)
          JOIN devices d ON d.device_id = t.device_id AND d.session_epoch = t.session_epoch
         WHERE i.device_id = d.device_id AND i.install_id = d.install_id
           AND (i.next_sequence_number < t.next_number OR i.settled_below < t.settled_below)
        """;

    // The start that is the newest one of the new install comes along: otherwise it would count as a copy of itself.
    private const string Replace =
        """
        UPDATE devices d
           SET install_id = $2, session_epoch = d.session_epoch + 1,
               boot_id = coalesce(
                    (SELECT b.boot_id FROM install_boots b WHERE b.device_id = $1 AND b.install_id = $2 ORDER BY b.number DESC LIMIT 1), $2),
               last_sequence_number = coalesce(
                    (SELECT max(u.sequence_number) FROM utterances u WHERE u.device_id = $1 AND u.install_id = $2), 0)
         WHERE d.device_id = $1 AND d.install_id <> $2
        """;

    private const string AddInstall =
        "INSERT INTO installs (device_id, install_id) SELECT $1, $2 WHERE EXISTS (SELECT FROM devices WHERE device_id = $1) ON CONFLICT DO NOTHING";

    private const string Conflicts =
        """
        SELECT device_id, kind, install_id, boot_id, agent_version, peer, first_seen, last_seen, attempts
          FROM identity_conflicts ORDER BY last_seen DESC, device_id, kind, install_id LIMIT $1
        """;

    /// <summary>Most conflicts that <see cref="ListConflictsAsync"/> lists.</summary>
    public const int MaxListedConflicts = 1_000;

    /// <summary>
    /// Keeps what devices say about their numbers; neither goes backwards. Call it for many at a time. What is impossible is not heard: a
    /// number beyond 2^53, or settled numbers beyond the next one.
    /// </summary>
    public Task ReportNumbersAsync(IReadOnlyList<DeviceNumbers> numbers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        // One row a device and session: UPDATE … FROM takes any one of several.
        DeviceNumbers[] reports =
        [
            .. numbers
                .Where(number => number.NextSequenceNumber is >= 0 and <= MaxNumber && number.SettledBelow is >= 0 and <= MaxNumber)
                .GroupBy(number => (number.DeviceId, number.SessionEpoch))
                .Select(group => new DeviceNumbers(
                    group.Key.DeviceId, group.Key.SessionEpoch, group.Max(number => number.NextSequenceNumber), group.Max(number => number.SettledBelow))),
        ];
        return reports.Length == 0
            ? Task.CompletedTask
            : database.RunAsync(
                async (connection, token) =>
                {
                    string[] deviceIds = [.. reports.Select(number => number.DeviceId)];
                    await using NpgsqlBatch batch = new(connection)
                    {
                        BatchCommands =
                        {
                            new NpgsqlBatchCommand(LockDevices) { Parameters = { Value(deviceIds) } },
                            new NpgsqlBatchCommand(Report)
                            {
                                Parameters =
                                {
                                    Value(deviceIds),
                                    Value<long[]>([.. reports.Select(number => number.SessionEpoch)]),
                                    Value<long[]>([.. reports.Select(number => number.NextSequenceNumber)]),
                                    Value<long[]>([.. reports.Select(number => number.SettledBelow)]),
                                },
                            },
                        },
                    };
                    return await batch.ExecuteNonQueryAsync(token);
                },
                cancellationToken);
    }

    /// <summary>Machines that were refused, the newest first.</summary>
    public Task<IReadOnlyList<IdentityConflict>> ListConflictsAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<IdentityConflict>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(Conflicts, connection) { Parameters = { Value(MaxListedConflicts) } };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<IdentityConflict> conflicts = [];
                while (await reader.ReadAsync(token))
                {
                    conflicts.Add(new IdentityConflict(
                        reader.GetString(0),
                        (Kind)reader.GetInt16(1),
                        reader.GetGuid(2),
                        reader.GetGuid(3),
                        reader.GetString(4),
                        reader.GetString(5),
                        reader.GetTime(6),
                        reader.GetTime(7),
                        reader.GetInt64(8)));
                }

                return conflicts;
            },
            cancellationToken);

    /// <summary>
    /// The operator decides which install is the device: what the one before still sends is refused from now on. False: there is no such
    /// device. The numbers of the two are accounted for apart.
    /// </summary>
    public Task<bool> ReplaceInstallAsync(string deviceId, Guid installId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlBatch batch = new(connection)
                {
                    BatchCommands =
                    {
                        new NpgsqlBatchCommand(LockDevices) { Parameters = { Value<string[]>([deviceId]) } },
                        new NpgsqlBatchCommand(Replace) { Parameters = { Value(deviceId), Value(installId) } },
                        new NpgsqlBatchCommand(AddInstall) { Parameters = { Value(deviceId), Value(installId) } },
                        new NpgsqlBatchCommand("DELETE FROM identity_conflicts WHERE device_id = $1 AND kind = 1 AND install_id = $2")
                        {
                            Parameters = { Value(deviceId), Value(installId) },
                        },
                    },
                };
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                bool exists = await reader.ReadAsync(token);
                await reader.CloseAsync();
                return exists;
            },
            cancellationToken);
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
