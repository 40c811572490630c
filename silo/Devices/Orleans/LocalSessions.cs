using System.Collections.Concurrent;
using Fleet.Contracts.Actors;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>The sessions whose stream ends at this silo, with what an actor that does not know them is told.</summary>
internal sealed class LocalSessions
{
    private readonly ConcurrentDictionary<string, SessionResumption> _sessions = new(StringComparer.Ordinal);

    public SessionResumption? Find(string deviceId) => _sessions.GetValueOrDefault(deviceId);

    public void Add(string deviceId, SessionResumption session) => _sessions.AddOrUpdate(
        deviceId, session, (_, known) => known.SessionEpoch > session.SessionEpoch ? known : session);

    /// <summary>Not when a newer session has taken its place.</summary>
    public void Remove(string deviceId, long sessionEpoch)
    {
        if (_sessions.TryGetValue(deviceId, out var session) && session.SessionEpoch == sessionEpoch)
        {
            _sessions.TryRemove(KeyValuePair.Create(deviceId, session));
        }
    }
}
