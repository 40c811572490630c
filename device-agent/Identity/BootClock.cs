using System.Runtime.InteropServices;

namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// A clock whose monotonic side goes on while the machine is suspended (Linux' CLOCK_BOOTTIME). .NET's own stops meanwhile, and what was recorded
/// before a suspend would seem to be younger than it is. Wall clock and timers are those of the clock that it is made of.
/// </summary>
internal sealed class BootClock : TimeProvider
{
    private const int BootTime = 7; // CLOCK_BOOTTIME of linux/time.h, the same on every processor
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly TimeProvider _time;
    private readonly Func<(long Seconds, long Nanoseconds)> _read;

    /// <param name="time">Wall clock and timers.</param>
    /// <param name="read">The time since the machine was started, with the time that it slept.</param>
    internal BootClock(TimeProvider time, Func<(long Seconds, long Nanoseconds)> read)
    {
        _time = time;
        _read = read;
    }

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override TimeZoneInfo LocalTimeZone => _time.LocalTimeZone;

    /// <summary>This clock where the machine has it, else the given one.</summary>
    public static TimeProvider Choose(TimeProvider time) =>
        OperatingSystem.IsLinux() && TryRead(out _) ? new BootClock(time, Read) : time;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp()
    {
        var (seconds, nanoseconds) = _read();
        return (seconds * NanosecondsPerSecond) + nanoseconds;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _time.CreateTimer(callback, state, dueTime, period);

    // It cannot fail where it has worked once.
    private static (long Seconds, long Nanoseconds) Read() => TryRead(out var now) ? (now.Seconds, now.Nanoseconds)
        : throw new InvalidOperationException("clock_gettime(CLOCK_BOOTTIME) has failed.");

    private static bool TryRead(out TimeSpec now)
    {
        try
        {
            return ClockGetTime(BootTime, out now) == 0;
        }
        catch (Exception ex) when (ex is DllNotFoundException or EntryPointNotFoundException)
        {
            now = default;
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, out TimeSpec now);

    // A C long each: 4 bytes where pointers have 4.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
