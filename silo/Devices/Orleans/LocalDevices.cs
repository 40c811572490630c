using System.Collections.Concurrent;
using Fleet.Contracts.Actors;
using Fleet.Contracts.Orleans;
using Orleans;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>The devices whose actor is active on this silo.</summary>
internal sealed class LocalDevices(ActorCalls calls)
{
    private readonly ConcurrentDictionary<string, DeviceGrain> _active = new(StringComparer.Ordinal);

    public int Count => _active.Count;

    /// <summary>How each of them is. Asked as any other call, since an actor is nobody else's to look into.</summary>
    public async ValueTask<IReadOnlyList<DevicePresence>> ListAsync(IGrainFactory grains)
    {
        var presences = new List<DevicePresence>();
        foreach (var deviceId in _active.Keys.Order(StringComparer.Ordinal))
        {
            if (await calls.TryAsync(deviceId, () => grains.GetGrain<IDeviceGrain>(deviceId).GetPresenceAsync()) is { Value: { } presence })
            {
                presences.Add(presence);
            }
        }

        return presences;
    }

    public void Add(string deviceId, DeviceGrain grain) => _active[deviceId] = grain;

    /// <summary>Not when a newer activation has taken its place.</summary>
    public void Remove(string deviceId, DeviceGrain grain) => _active.TryRemove(KeyValuePair.Create(deviceId, grain));
}
