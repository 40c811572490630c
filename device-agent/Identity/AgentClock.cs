namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// The agent's wall clock, never before the last server time that was seen: a Pi has no battery clock and may wake up years ago.
/// </summary>
internal sealed class AgentClock(TimeProvider time, DateTimeOffset lastServerTime)
{
    // Before the first session nothing else is known; ids of 1970 would be refused by the cloud.
    private static readonly DateTimeOffset _release = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private DateTimeOffset _serverTime = lastServerTime > _release ? lastServerTime : _release;
    private long _seenAt = time.GetTimestamp();

    public DateTimeOffset UtcNow
    {
        get
        {
            DateTimeOffset floor;
            lock (_lock)
            {
                floor = _serverTime + time.GetElapsedTime(_seenAt);
            }

            var now = time.GetUtcNow();
            return now > floor ? now : floor;
        }
    }

    public DateTimeOffset LastServerTime
    {
        get
        {
            lock (_lock)
            {
                return _serverTime;
            }
        }
    }

    public void OnServerTime(DateTimeOffset serverTime)
    {
        lock (_lock)
        {
            if (serverTime > _serverTime)
            {
                _serverTime = serverTime;
                _seenAt = time.GetTimestamp();
            }
        }
    }
}
