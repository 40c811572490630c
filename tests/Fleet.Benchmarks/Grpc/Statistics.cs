namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>The arithmetic of the report.</summary>
internal static class Statistics
{
    /// <summary>Where a percentile is in sorted values: the smallest value that so large a share does not exceed (nearest rank).</summary>
    public static int PercentileIndex(int count, double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Math.Clamp((int)Math.Ceiling(share * count) - 1, 0, count - 1);
    }

    /// <summary>The middle value, or the mean of the two in the middle; NaN of nothing.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length switch
        {
            0 => double.NaN,
            var n when n % 2 == 1 => sorted[n / 2],
            var n => (sorted[(n / 2) - 1] + sorted[n / 2]) / 2,
        };
    }

    /// <summary>Each round's value as a multiple of the baseline's of the same round.</summary>
    public static IReadOnlyList<double> Ratios(IReadOnlyList<double> values, IReadOnlyList<double> baseline) =>
        [.. values.Zip(baseline, static (value, other) => value / other)];
}
