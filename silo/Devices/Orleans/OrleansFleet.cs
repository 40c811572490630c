using Fleet.Contracts.Actors;
using Fleet.Contracts.Orleans;
using Fleet.Silo.Telemetry;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>The devices of the cluster, as this silo sees them.</summary>
internal sealed partial class OrleansFleet(
    OrleansActorHost host, LocalSessions sessions, LocalDevices local, ActorCalls calls, ILogger<OrleansFleet> logger) : IFleet
{
    public IDevice GetDevice(string deviceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        return new ClusterDevice(deviceId, host.Address, () => host.Grains.GetGrain<IDeviceGrain>(deviceId), sessions, calls);
    }

    /// <summary>A silo that does not answer is left out: it is about to be given up, and its devices to turn up elsewhere.</summary>
    public async ValueTask<IReadOnlyList<DevicePresence>> ListActiveAsync()
    {
        var lists = await Task.WhenAll(host.ActiveSilos.Select(ListAsync));
        return [.. lists.SelectMany(list => list).OrderBy(device => device.DeviceId, StringComparer.Ordinal)];
    }

    public async ValueTask<IReadOnlyList<DevicePresence>> ListLocalAsync() => await local.ListAsync(host.Grains);

    private async Task<DevicePresence[]> ListAsync(SiloAddress silo)
    {
        try
        {
            return await host.Doors.Of(silo).ListAsync();
        }
        catch (Exception exception)
        {
            LogNotListed(silo, exception.Message);
            return [];
        }
    }

    [LoggerMessage(EventIds.SiloNotListed, LogLevel.Warning, "The devices of silo {Silo} are missing in a list: {Reason}")]
    private partial void LogNotListed(SiloAddress silo, string reason);
}
