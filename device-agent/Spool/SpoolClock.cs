using System.Text.Json;
using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.DeviceAgent.Spool;

/// <summary>
/// How old things in the spool are. It counts the time for which the agent runs, by the monotonic clock, and of the time between two runs as
/// much as the wall clock tells, at most a day: a Pi that wakes up in another year, or whose clock steps for a moment, must not empty its
/// spool. Kept in <c>spool-clock.json</c>; when that is lost everything is younger than it is, never older.
/// </summary>
internal sealed class SpoolClock
{
    public const string FileName = "spool-clock.json";

    private const int MaxFileLength = 4096;

    /// <summary>The most that one start adds for the time before it.</summary>
    private static readonly TimeSpan _mostBetweenRuns = TimeSpan.FromDays(1);
    private static readonly TimeSpan _saveInterval = TimeSpan.FromMinutes(10);

    private static readonly JsonSerializerOptions _jsonOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly ISpoolDisk _disk;
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly long _openedAt;
    private readonly TimeSpan _before;
    private TimeSpan _savedAt;

    private SpoolClock(ISpoolDisk disk, string path, TimeProvider time, TimeSpan before)
    {
        _disk = disk;
        _path = path;
        _time = time;
        _openedAt = time.GetTimestamp();
        _before = before;
    }

    public TimeSpan Now => _before + SinceStart;

    public TimeSpan SinceStart => _time.GetElapsedTime(_openedAt);

    public static SpoolClock Open(ISpoolDisk disk, string stateFolder, TimeProvider time)
    {
        var path = Path.Combine(stateFolder, FileName);
        return new SpoolClock(disk, path, time, TimeBefore(disk, path, time));
    }

    /// <summary>Keeps it every ten minutes; what a crash takes of it makes things younger, not older.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void SaveIfDue()
    {
        if (SinceStart - _savedAt < _saveInterval)
        {
            return;
        }

        _savedAt = SinceStart;
        var state = new State((long)Now.TotalMilliseconds, _time.GetUtcNow().ToUnixTimeMilliseconds());
        DurableFile.Replace(_disk, _path, JsonSerializer.SerializeToUtf8Bytes(state, _jsonOptions));
    }

    private static TimeSpan TimeBefore(ISpoolDisk disk, string path, TimeProvider time)
    {
        try
        {
            if (disk.Exists(path) && JsonSerializer.Deserialize<State>(DurableFile.Read(disk, path, MaxFileLength), _jsonOptions) is { CountedMs: >= 0 } state)
            {
                var betweenMs = Math.Clamp(
                    time.GetUtcNow().ToUnixTimeMilliseconds() - state.WallUnixMs, 0, (long)_mostBetweenRuns.TotalMilliseconds);
                return TimeSpan.FromMilliseconds(Math.Min(state.CountedMs, (long)TimeSpan.MaxValue.TotalMilliseconds / 2) + betweenMs);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or JsonException)
        {
            // Counted anew: everything is younger than it is.
        }

        return TimeSpan.Zero;
    }

    private sealed record State(long CountedMs, long WallUnixMs);
}
