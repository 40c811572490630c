namespace Fleet.Storage;

/// <summary>
/// What fails again and again is said at its beginning, then at growing distances, then once that it is over: an hour's outage is a handful of
/// lines. Not thread safe.
/// </summary>
internal sealed class FailureSpell(TimeProvider time)
{
    private static readonly TimeSpan _firstDistance = TimeSpan.FromMinutes(1);

    private long? _since;
    private long _saidAt;
    private TimeSpan _distance;

    /// <summary>It failed (again). True: say so.</summary>
    public bool Fail()
    {
        if (_since is null)
        {
            _since = _saidAt = time.GetTimestamp();
            _distance = _firstDistance;
            return true;
        }

        if (time.GetElapsedTime(_saidAt) < _distance)
        {
            return false;
        }

        _saidAt = time.GetTimestamp();
        _distance *= 2;
        return true;
    }

    /// <summary>It works. How long it did not; null when it did all the time.</summary>
    public TimeSpan? Recover()
    {
        if (_since is not { } since)
        {
            return null;
        }

        _since = null;
        return time.GetElapsedTime(since);
    }
}
