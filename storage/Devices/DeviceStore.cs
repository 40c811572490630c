namespace Fleet.Storage;

/// <summary>The devices and their sessions.</summary>
public sealed class DeviceStore(FleetDatabase database)
{
    /// <summary>Opens a session: a new device is made, the same install takes over, another install is refused.</summary>
    public Task<OpenSessionResult> OpenSessionAsync(
        string deviceId, Guid installId, Guid bootId, string agentVersion, CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());

    /// <summary>Every device ever seen, by device id.</summary>
    public Task<IReadOnlyList<DeviceSummary>> ListAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>One device; null when it was never seen.</summary>
    public Task<DeviceSummary?> GetAsync(string deviceId, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Marks devices as seen now. Call it for many at a time, every half minute or so.</summary>
    public Task TouchAsync(IReadOnlyCollection<string> deviceIds, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
