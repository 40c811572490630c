using System.Collections.Concurrent;
using Fleet.Contracts.Actors;
using Fleet.Silo.Devices;
using Fleet.Silo.Membership;
using Grpc.Core;

namespace Fleet.Silo.Ingest;

/// <summary>The open streams of this silo: how actors reach them, and how a stop ends them.</summary>
internal sealed class SessionRegistry : ISessionDownlink, ISessions
{
    private readonly ConcurrentDictionary<Guid, IngestSession> _sessions = new();

    public int Count => _sessions.Count;

    public void Add(IngestSession session) => _sessions[session.SessionId] = session;

    public void Remove(IngestSession session) => _sessions.TryRemove(session.SessionId, out _);

    public ValueTask<bool> SendTranscriptAsync(SessionAddress address, TranscriptNotice transcript) =>
        ValueTask.FromResult(_sessions.TryGetValue(address.SessionId, out var session) && session.TrySendTranscript(transcript));

    public ValueTask SupersedeAsync(SessionAddress address, long newSessionEpoch)
    {
        if (_sessions.TryGetValue(address.SessionId, out var session))
        {
            session.End(new Status(StatusCode.Aborted, $"A newer session of this install (epoch {newSessionEpoch}) has taken over."));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReplaceAsync(SessionAddress address, Guid newInstallId)
    {
        if (_sessions.TryGetValue(address.SessionId, out var session))
        {
            session.End(new Status(
                StatusCode.AlreadyExists,
                $"An operator has decided that device id {session.DeviceId} belongs to another install ({newInstallId}); give this device an id of its own."));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Older streams of the same device have parked what they had.</summary>
    public Task OlderParkedAsync(IngestSession asking, CancellationToken cancellationToken) => Task.WhenAll(
        _sessions.Values
            .Where(session => session.DeviceId == asking.DeviceId && session.Epoch > 0 && session.Epoch < asking.Epoch)
            .Select(session => session.Parked.WaitAsync(cancellationToken)));

    /// <summary>Says to every device what it may send now, where that has changed.</summary>
    public void TellCredit()
    {
        foreach (var session in _sessions.Values)
        {
            session.TellCredit();
        }
    }

    /// <summary>Asks every device to finish and to connect again.</summary>
    public void Drain(TimeSpan within, TimeSpan reconnectJitter)
    {
        foreach (var session in _sessions.Values)
        {
            session.TrySend(CloudMessages.Drain(within, reconnectJitter));
        }
    }

    public void EndAll(Status status)
    {
        foreach (var session in _sessions.Values)
        {
            session.End(status);
        }
    }
}
