namespace Fleet.Audio.Keywords;

/// <summary>The result of Edge Impulse's performance calibration: how single looks become detections.</summary>
public sealed record PerformanceCalibration
{
    /// <summary>The looks of so many milliseconds are averaged.</summary>
    public required int AverageWindowMs { get; init; }

    /// <summary>Averaged score from which a label counts, above 1 / number of labels.</summary>
    public required double DetectionThreshold { get; init; }

    /// <summary>For so many milliseconds after a detection nothing else is one.</summary>
    public required int SuppressionMs { get; init; }

    /// <summary>Labels whose detection suppresses; default: the keywords.</summary>
    public IReadOnlyList<string> SuppressionLabels { get; init; } = [];
}
