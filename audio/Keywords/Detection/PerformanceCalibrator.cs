namespace Fleet.Audio.Keywords;

/// <summary>
/// Edge Impulse's performance calibration: of the averaged scores the highest one counts if it reaches the threshold, and then nothing for a while.
/// </summary>
internal sealed class PerformanceCalibrator
{
    /// <summary>No calibrator decides.</summary>
    public const int Everything = -2;

    private const int Nothing = -1;

    private readonly HashSet<int> _suppressing;
    private readonly int _suppressedLooks;
    private int _suppressed;

    public PerformanceCalibrator(PerformanceCalibration calibration, IReadOnlyList<string> labels, IReadOnlyList<string> keywords, int strideMs)
    {
        Looks = Math.Max(1, calibration.AverageWindowMs / strideMs);
        _suppressedLooks = calibration.SuppressionMs / strideMs;
        var suppressing = calibration.SuppressionLabels.Count > 0 ? calibration.SuppressionLabels : keywords;
        _suppressing = [.. Enumerable.Range(0, labels.Count).Where(i => suppressing.Contains(labels[i], StringComparer.Ordinal))];
    }

    /// <summary>Looks that are averaged.</summary>
    public int Looks { get; }

    /// <summary>The label that is detected, or none.</summary>
    public int Next(ScoreAverage average, double threshold)
    {
        if (_suppressed > 0)
        {
            _suppressed--;
            return Nothing;
        }

        var best = 0;
        for (var label = 1; label < average.Labels; label++)
        {
            best = average.Of(label) > average.Of(best) ? label : best;
        }

        if (average.Of(best) < threshold)
        {
            return Nothing;
        }

        _suppressed = _suppressing.Contains(best) ? _suppressedLooks : 0;
        return best;
    }

    public void Reset() => _suppressed = 0;
}
