using System.Diagnostics;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>Latencies of a run, from several threads, without allocating while it runs.</summary>
internal sealed class LatencyRecorder
{
    // More than any run has; what is beyond is counted and not kept.
    private const int Capacity = 1 << 20;

    private readonly long[] _ticks = new long[Capacity];
    private int _count;

    public int Count => _count;

    public void Clear() => _count = 0;

    public void Add(long startTimestamp)
    {
        var index = Interlocked.Increment(ref _count) - 1;
        if (index < Capacity)
        {
            _ticks[index] = Stopwatch.GetTimestamp() - startTimestamp;
        }
    }

    public (double P50, double P99) Microseconds()
    {
        var kept = _ticks.AsSpan(0, Math.Min(_count, Capacity));
        kept.Sort();
        return kept.IsEmpty ? (0, 0) : (At(kept, 0.5), At(kept, 0.99));
    }

    /// <summary>The latency that so large a share does not exceed; 0 of nothing.</summary>
    public double Microseconds(double share)
    {
        var kept = _ticks.AsSpan(0, Math.Min(_count, Capacity));
        kept.Sort();
        return kept.IsEmpty ? 0 : At(kept, share);
    }

    private static double At(ReadOnlySpan<long> sorted, double share) =>
        sorted[Statistics.PercentileIndex(sorted.Length, share)] * 1_000_000.0 / Stopwatch.Frequency;
}
