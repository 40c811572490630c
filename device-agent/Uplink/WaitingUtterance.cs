using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>An utterance in the spool that is not begun in this session. The queue's lock guards it.</summary>
internal sealed class WaitingUtterance(SpoolEntry entry, Backoff backoff)
{
    private long _heldAt;
    private TimeSpan _hold;

    public SpoolEntry Entry => entry;

    /// <summary>An earlier session, or an earlier run, may have sent some of it or all.</summary>
    public bool MayBeAtTheCloud { get; set; }

    /// <summary>The cloud is to be asked where it stands before it is sent.</summary>
    public bool IsInQuestion { get; set; }

    /// <summary>Bytes that the cloud has and keeps.</summary>
    public long ResumeFromBytes { get; set; }

    /// <summary>An earlier run left it.</summary>
    public bool IsOfAnEarlierRun { get; init; }

    /// <summary>An earlier run left it, and the cloud has said that it has nothing of it.</summary>
    public bool IsForeign { get; set; }

    public TimeSpan HoldBack(TimeProvider time)
    {
        _heldAt = time.GetTimestamp();
        _hold = backoff.Next();
        return _hold;
    }

    public TimeSpan HeldFor(TimeProvider time) => _hold == TimeSpan.Zero ? TimeSpan.Zero : _hold - time.GetElapsedTime(_heldAt);

    public bool MayStart(TimeProvider time) => !IsInQuestion && HeldFor(time) <= TimeSpan.Zero;
}
