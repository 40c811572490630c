using Fleet.Benchmarks.GrpcCalls;

namespace Fleet.Benchmarks.Ingest;

/// <summary>What all devices of a process have counted since the load began.</summary>
internal sealed class DeviceTotals
{
    private bool _isSinceSpoken;
    private long _stored;
    private long _refused;
    private long _brokenSessions;
    private string? _lastError;

    /// <summary>From the end of an utterance to its ack.</summary>
    public LatencyRecorder Acks { get; } = new();

    public long Stored => Interlocked.Read(ref _stored);

    public long Refused => Interlocked.Read(ref _refused);

    public long BrokenSessions => Interlocked.Read(ref _brokenSessions);

    public string? LastError => Volatile.Read(ref _lastError);

    public void Clear(bool isSinceSpoken)
    {
        _isSinceSpoken = isSinceSpoken;
        Acks.Clear();
        Interlocked.Exchange(ref _stored, 0);
        Interlocked.Exchange(ref _refused, 0);
        Interlocked.Exchange(ref _brokenSessions, 0);
        Volatile.Write(ref _lastError, null);
    }

    public void OnStored(Spoken spoken)
    {
        Interlocked.Increment(ref _stored);
        Acks.Add(_isSinceSpoken ? spoken.SpokenTimestamp : spoken.EndTimestamp);
    }

    public void OnRefused(string message)
    {
        Interlocked.Increment(ref _refused);
        Volatile.Write(ref _lastError, message);
    }

    public void OnSessionBroken(string message)
    {
        Interlocked.Increment(ref _brokenSessions);
        Volatile.Write(ref _lastError, message);
    }
}
