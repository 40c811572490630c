namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>Misses against false accepts, for every threshold.</summary>
internal sealed class OperatingCurve
{
    private const int FinestSteps = 400;

    private OperatingCurve(IReadOnlyList<OperatingPoint> points, int keywords, double hours) => (Points, Keywords, Hours) = (points, keywords, hours);

    /// <summary>From the highest threshold to the lowest.</summary>
    public IReadOnlyList<OperatingPoint> Points { get; }

    public int Keywords { get; }

    /// <summary>Length of the recordings without the keyword.</summary>
    public double Hours { get; }

    /// <param name="peaks">Highest score of each keyword.</param>
    /// <param name="tracks">Scores of the recordings.</param>
    /// <param name="hours">Their length.</param>
    /// <param name="refractorySteps">Steps after an event without another one.</param>
    public static OperatingCurve Create(IReadOnlyList<float> peaks, IReadOnlyList<float[]> tracks, double hours, int refractorySteps)
    {
        var sorted = peaks.Order().ToArray();

        // Where something changes: at the scores of keywords, and at the highest ones of talk.
        var top = tracks.SelectMany(track => track).Where(float.IsFinite).OrderDescending().Take(FinestSteps * 40).ToArray();
        var candidates = Thinned(sorted.Where(float.IsFinite).ToArray()).Concat(Thinned(top)).Append(float.PositiveInfinity).Distinct().OrderDescending();
        var points = candidates.Select(threshold => new OperatingPoint(
            threshold,
            tracks.Sum(track => ScoreTrack.Events(track, threshold, refractorySteps)),
            sorted.TakeWhile(peak => peak < threshold).Count()));
        return new OperatingCurve([.. points], peaks.Count, hours);
    }

    /// <summary>The lowest threshold at which there are no more false accepts an hour than this: where the fewest keywords are missed.</summary>
    public OperatingPoint AtRate(double falseAcceptsPerHour)
    {
        var allowed = falseAcceptsPerHour * Hours;
        return Points.TakeWhile(point => point.FalseAccepts <= allowed).Last();
    }

    public OperatingPoint AtThreshold(double threshold) => Points.TakeWhile(point => point.Threshold >= threshold).Last();

    // All of few; of many, evenly chosen ones and all of the highest.
    private static IEnumerable<float> Thinned(float[] scores) =>
        scores.Length <= FinestSteps
            ? scores
            : scores.Where((_, i) => i % (scores.Length / FinestSteps) == 0).Concat(scores.OrderDescending().Take(FinestSteps));
}
