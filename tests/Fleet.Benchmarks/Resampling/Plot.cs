namespace Fleet.Benchmarks.Resampling;

/// <summary>One panel of a chart: lines over kHz and dB.</summary>
internal sealed record Plot
{
    public required string Title { get; init; }

    public required double MaxKilohertz { get; init; }

    public required double MinDecibels { get; init; }

    public double MaxDecibels { get; init; } = 5;

    /// <summary>Drawn as a dashed line with this text, at this level.</summary>
    public required (double Decibels, string Text) Limit { get; init; }

    /// <summary>Name and points (kHz, dB) of each line.</summary>
    public required IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> Lines { get; init; }
}
