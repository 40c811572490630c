using System.Diagnostics;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>How long a load goes on.</summary>
internal readonly record struct TimeLimit(long StartTimestamp, long EndTimestamp)
{
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(StartTimestamp);

    public bool IsOver => Stopwatch.GetTimestamp() >= EndTimestamp;

    public static TimeLimit Start(int milliseconds)
    {
        var start = Stopwatch.GetTimestamp();
        return new TimeLimit(start, start + (milliseconds * Stopwatch.Frequency / 1000));
    }
}
