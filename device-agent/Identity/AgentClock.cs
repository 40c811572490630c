using Fleet.V1;

namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// What time it is for a device that may have no battery clock. Once the cluster was heard, its time carried on by the monotonic clock is the
/// time; before that the wall clock, unless it is before the last server time that was kept: then the time is not known, and what was stamped
/// is corrected later. Moments are timestamps of the monotonic clock, so a wall clock that steps moves nothing.
/// </summary>
internal sealed class AgentClock
{
    // Before the first session of an install nothing else is known.
    private static readonly DateTimeOffset _release = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // The wall clock has stepped; or, where the monotonic clock stops in suspend, the machine has slept: which, only the cluster can tell.
    private static readonly TimeSpan _doubtfulStep = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly DateTimeOffset _floor;
    private readonly long _startedAt;
    private readonly Lock _lock = new();
    private DateTimeOffset _serverTime;
    private long _heardAt;
    private TimeSpan _wallAhead;
    private bool _isHeard;
    private bool _isDoubtful;
    private TimeSpan _uncertainty;

    /// <param name="time">Wall clock and monotonic clock.</param>
    /// <param name="lastServerTime">What was kept of an earlier run.</param>
    public AgentClock(TimeProvider time, DateTimeOffset lastServerTime)
    {
        _time = time;
        _floor = lastServerTime > _release ? lastServerTime : _release;
        _startedAt = time.GetTimestamp();
    }

    public DateTimeOffset UtcNow => Now().Time;

    /// <summary>The server's time, to be kept on disk: no run after this one was earlier.</summary>
    public DateTimeOffset LastServerTime
    {
        get
        {
            lock (_lock)
            {
                return _isHeard ? Carried_NeedsLock(_time.GetTimestamp()) : _floor;
            }
        }
    }

    /// <summary>What an earlier run had kept: whatever is spoken in this one is spoken later.</summary>
    public DateTimeOffset Floor => _floor;

    /// <summary>How far off the cluster's time may be as it is carried here.</summary>
    public TimeSpan Uncertainty
    {
        get
        {
            lock (_lock)
            {
                return _uncertainty;
            }
        }
    }

    /// <summary>Whether a time now said would be the cluster's.</summary>
    public bool IsSettled => Now().IsSettled;

    /// <summary>The cluster was heard, and the clocks have moved apart since: it should be asked again.</summary>
    public bool IsDoubtful => Now() is { IsSettled: false, Clock: Clock.Server };

    public ClockReading Now() => At(_time.GetTimestamp());

    /// <summary>When it was at this moment of the monotonic clock.</summary>
    public ClockReading At(long timestamp)
    {
        var now = _time.GetTimestamp();
        var wall = _time.GetUtcNow();
        lock (_lock)
        {
            if (_isHeard)
            {
                _isDoubtful |= (wall - Carried_NeedsLock(now) - _wallAhead).Duration() > _doubtfulStep;
                return new ClockReading(Carried_NeedsLock(timestamp), Clock.Server, !_isDoubtful);
            }
        }

        var byWall = wall - _time.GetElapsedTime(timestamp, now);
        var earliest = _floor + _time.GetElapsedTime(_startedAt, timestamp);
        return byWall >= earliest ? new ClockReading(byWall, Clock.Device, false) : new ClockReading(earliest, Clock.Unknown, false);
    }

    /// <summary>
    /// The cluster said its time somewhere between the two moments. So the time now is between that and that plus the round trip, and the clock is
    /// moved no further than into this span: a slow answer knows little.
    /// </summary>
    public void OnServerTime(DateTimeOffset serverTime, long askedAt, long answeredAt)
    {
        if (serverTime < _release)
        {
            // Not a time: a cluster that does not say it, or whose own clock is not set.
            return;
        }

        var roundTrip = _time.GetElapsedTime(askedAt, answeredAt);
        var now = _time.GetTimestamp();
        var wall = _time.GetUtcNow();
        lock (_lock)
        {
            var latest = serverTime + roundTrip;
            var carried = _isHeard ? Carried_NeedsLock(answeredAt) : serverTime + (roundTrip / 2);
            if (carried < serverTime || carried > latest)
            {
                _uncertainty = roundTrip;
            }

            _serverTime = carried < serverTime ? serverTime : carried > latest ? latest : carried;
            _uncertainty = _isHeard && _uncertainty < roundTrip ? _uncertainty : roundTrip;
            _heardAt = answeredAt;
            _isHeard = true;
            _isDoubtful = false;
            _wallAhead = wall - Carried_NeedsLock(now);
        }
    }

    private DateTimeOffset Carried_NeedsLock(long timestamp) => _serverTime + _time.GetElapsedTime(_heardAt, timestamp);
}
