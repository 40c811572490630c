namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Waits that double from the shortest to the longest, each shortened by up to a half at random: a fleet does not come back at once.
/// </summary>
internal sealed class Backoff(TimeSpan shortest, TimeSpan longest, Func<double> random)
{
    private int _attempts;

    public int Attempts => _attempts;

    public TimeSpan Next()
    {
        var full = shortest * Math.Pow(2, Math.Min(_attempts, 30));
        _attempts++;
        return Jitter(full < longest ? full : longest);
    }

    /// <summary>The longest wait: for what only a person can mend.</summary>
    public TimeSpan Slow()
    {
        _attempts++;
        return Jitter(longest);
    }

    public void Reset() => _attempts = 0;

    private TimeSpan Jitter(TimeSpan wait) => wait * (1 - (random() / 2));
}
