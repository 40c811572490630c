namespace Fleet.DeviceAgent.Service;

/// <summary>Whether what is heard is worked on: written by whoever listens, read by the watchdog.</summary>
internal sealed class WorkWatch(TimeProvider time)
{
    private const long Idle = 0;

    private long _since = Idle;
    private volatile bool _hasFailed;

    /// <summary>Nothing listens any more, though the agent runs.</summary>
    public bool HasFailed => _hasFailed;

    /// <summary>For how long one piece of sound has been worked on; zero while the next one is waited for.</summary>
    public TimeSpan Busy => Interlocked.Read(ref _since) is var since && since == Idle ? TimeSpan.Zero : time.GetElapsedTime(since);

    public void Begin() => Interlocked.Exchange(ref _since, Math.Max(1, time.GetTimestamp()));

    public void End() => Interlocked.Exchange(ref _since, Idle);

    public void Fail() => _hasFailed = true;
}
