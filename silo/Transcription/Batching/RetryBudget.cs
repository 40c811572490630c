namespace Fleet.Silo.Transcription;

/// <summary>
/// Extra calls that may be made: a share of the first calls, so that an endpoint in trouble is not called more often than one that is well. One comes with
/// time, so that a silo with little to do gets on.
/// </summary>
internal sealed class RetryBudget(double share, TimeSpan drip, TimeProvider time)
{
    // Kept for a bad moment, no more.
    private const double Most = 10;

    private readonly Lock _lock = new();
    private double _left = 1;
    private long _drippedAt = time.GetTimestamp();

    public bool HasLeft
    {
        get
        {
            lock (_lock)
            {
                Drip_NeedsLock();
                return _left >= 1;
            }
        }
    }

    /// <summary>Until there is one again, if nothing else happens.</summary>
    public TimeSpan UntilNext
    {
        get
        {
            lock (_lock)
            {
                Drip_NeedsLock();
                var wait = _left >= 1 ? TimeSpan.Zero : drip - time.GetElapsedTime(_drippedAt);
                return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            }
        }
    }

    public void OnFirstCall()
    {
        lock (_lock)
        {
            _left = Math.Min(Most, _left + share);
        }
    }

    public bool TrySpend()
    {
        lock (_lock)
        {
            Drip_NeedsLock();
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }

    // At most one: time gives no hoard.
    private void Drip_NeedsLock()
    {
        if (_left >= 1)
        {
            _drippedAt = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(_drippedAt) >= drip)
        {
            _left = 1;
            _drippedAt = time.GetTimestamp();
        }
    }
}
