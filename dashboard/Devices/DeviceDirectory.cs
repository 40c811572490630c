using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Dashboard.Devices;

/// <summary>
/// The devices: asked of the silo, which knows who is connected; without it what the database knows. One answer is shared by everybody
/// who asks within two seconds, so a wall of screens costs the silo one call.
/// </summary>
internal sealed partial class DeviceDirectory(
    SiloAccess silo, DeviceStore store, TimeProvider time, ILogger<DeviceDirectory> logger) : IDisposable
{
    private readonly SharedAnswer<DeviceOverview> _answer = new(time);
    private long? _siloAwaySince;

    public Task<DeviceOverview> GetAsync(CancellationToken cancellationToken) => _answer.GetAsync(ReadAsync, cancellationToken);

    public void Dispose() => _answer.Dispose();

    private async Task<DeviceOverview> ReadAsync(CancellationToken cancellationToken)
    {
        var problem = await TryReadSiloAsync(cancellationToken);
        if (problem.Overview is { } overview)
        {
            return overview;
        }

        var known = await store.ListAsync(cancellationToken);
        return new DeviceOverview([.. known.Select(FromDatabase)], problem.Reason);
    }

    private async Task<(DeviceOverview? Overview, string? Reason)> TryReadSiloAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await silo.CallAsync(
                (client, headers, deadline) => client.ListDevicesAsync(new ListDevicesRequest(), headers, deadline, cancellationToken), cancellationToken);
            if (_siloAwaySince is { } since)
            {
                _siloAwaySince = null;
                LogSiloBack(time.GetElapsedTime(since));
            }

            return (new DeviceOverview([.. answer.Devices.Select(FromSilo)], null), null);
        }
        catch (Exception ex) when (SiloAccess.IsNoAnswer(ex) && !cancellationToken.IsCancellationRequested)
        {
            if (_siloAwaySince is null)
            {
                _siloAwaySince = time.GetTimestamp();
                LogSiloAway(silo.Address, ex.Message);
            }

            return (null, silo.Explain(ex));
        }
    }

    private static DeviceState FromSilo(DeviceInfo device) => new(
        device.DeviceId,
        device.Online,
        device.LastSeenUnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(device.LastSeenUnixMs),
        device.AgentVersion,
        (long)device.StoredUtterances,
        device.SpoolUtterances,
        [.. device.Health]);

    private static DeviceState FromDatabase(DeviceSummary device) =>
        new(device.DeviceId, null, device.LastSeen, device.AgentVersion, device.StoredUtterances, 0, []);
}
