using System.Collections.Concurrent;
using Fleet.Contracts.Actors;

namespace Fleet.Silo.Devices.Embedded;

/// <summary>The embedded host of the device actors: one process, one mailbox per device, made when it is first called.</summary>
internal sealed class DeviceDirectory(ISessionLedger ledger, ISessionDownlink downlink, TimeProvider time) : IFleet
{
    private readonly ConcurrentDictionary<string, DeviceMailbox> _mailboxes = new(StringComparer.Ordinal);
    private readonly Lock _closing = new();
    private bool _closed;

    public int ActiveCount => _mailboxes.Count;

    public IDevice GetDevice(string deviceId)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        return new DeviceReference(this, deviceId);
    }

    public async ValueTask<IReadOnlyList<DevicePresence>> ListActiveAsync()
    {
        var deviceIds = _mailboxes.Keys.Order(StringComparer.Ordinal).ToList();
        var presences = new List<DevicePresence>(deviceIds.Count);
        foreach (var deviceId in deviceIds)
        {
            presences.Add(await GetDevice(deviceId).GetPresenceAsync());
        }

        return presences;
    }

    public ValueTask<IReadOnlyList<DevicePresence>> ListLocalAsync() => ListActiveAsync();

    internal DeviceMailbox GetMailbox(string deviceId)
    {
        if (_mailboxes.TryGetValue(deviceId, out var mailbox))
        {
            return mailbox;
        }

        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            return _mailboxes.GetOrAdd(deviceId, id => new DeviceMailbox(new Device(id, ledger, downlink, time), time));
        }
    }

    /// <summary>Lets go of the devices that have no session and were not called for so long.</summary>
    public int Deactivate(TimeSpan idleFor)
    {
        var deactivated = 0;
        foreach (var entry in _mailboxes)
        {
            if (entry.Value.TryDeactivate(idleFor) && _mailboxes.TryRemove(entry))
            {
                deactivated++;
            }
        }

        return deactivated;
    }

    /// <summary>Runs what was posted, then no more.</summary>
    public async Task CloseAsync()
    {
        lock (_closing)
        {
            _closed = true;
        }

        foreach (var mailbox in _mailboxes.Values)
        {
            await mailbox.CloseAsync();
        }

        _mailboxes.Clear();
    }
}
