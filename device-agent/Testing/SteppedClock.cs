using System.Globalization;

namespace Fleet.DeviceAgent.Testing;

/// <summary>
/// For tests (<c>FLEET_TEST_CLOCK</c>): a wall clock that is off by the milliseconds in a file, read at each look at the clock, so that it can
/// be stepped while the agent runs. The monotonic clock and timers stay true, as on a machine whose clock is set.
/// </summary>
internal sealed class SteppedClock(TimeProvider time, string file) : TimeProvider
{
    public const string EnvironmentVariable = "FLEET_TEST_CLOCK";

    private long _lastOffsetMs;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    /// <summary>The clock that the environment asks for, as a rule the given one.</summary>
    public static TimeProvider Choose(TimeProvider time) =>
        Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } file ? new SteppedClock(time, file) : time;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow().AddMilliseconds(OffsetMs());

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);

    private long OffsetMs()
    {
        try
        {
            if (long.TryParse(File.ReadAllText(file).Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var offset))
            {
                Volatile.Write(ref _lastOffsetMs, offset);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // Not there yet, or just being replaced: the clock stays where it was.
        }

        return Volatile.Read(ref _lastOffsetMs);
    }
}
