namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>How a model does on recordings with the keyword and recordings without.</summary>
internal sealed class KeywordEvaluation
{
    public KeywordEvaluation(IReadOnlyList<ClipScores> positives, IReadOnlyList<ClipScores> negatives, int refractorySteps, double cpuMilliseconds)
    {
        (Positives, Negatives) = (positives, negatives);
        Hours = negatives.Sum(static clip => clip.Seconds) / 3600;
        CpuMillisecondsPerSecond = cpuMilliseconds / Math.Max(1e-9, positives.Concat(negatives).Sum(static clip => clip.Seconds + (2 * 1.5)));
        Curve = OperatingCurve.Create([.. positives.Select(static clip => clip.Peak)], [.. negatives.Select(static clip => clip.Scores)], Hours, refractorySteps);
        RefractorySteps = refractorySteps;
    }

    public IReadOnlyList<ClipScores> Positives { get; }

    public IReadOnlyList<ClipScores> Negatives { get; }

    public OperatingCurve Curve { get; }

    /// <summary>Of recordings without the keyword.</summary>
    public double Hours { get; }

    public int RefractorySteps { get; }

    /// <summary>Processor time for a second of audio, features and heads, without reading the files.</summary>
    public double CpuMillisecondsPerSecond { get; }

    /// <summary>As the model is set: what a device would have heard, with its threshold and patience.</summary>
    public OperatingPoint AsSet(double threshold) =>
        new(threshold, Negatives.Sum(static clip => clip.Detections), Positives.Count(static clip => clip.Detections == 0));

    /// <summary>Misses of each group at a threshold, in the order of their names.</summary>
    public IReadOnlyList<(string Name, int Misses, int Count)> Misses(Func<ClipRow, string> group, double threshold) =>
        [.. Positives.GroupBy(clip => group(clip.Row)).OrderBy(static clips => clips.Key, StringComparer.Ordinal)
            .Select(clips => (clips.Key, clips.Count(clip => clip.Peak < threshold), clips.Count()))];

    /// <summary>False accepts of each kind of recording at a threshold.</summary>
    public IReadOnlyList<(string Name, int Events, double Hours)> FalseAccepts(double threshold) =>
        [.. Negatives.GroupBy(static clip => clip.Row.Kind).OrderBy(static clips => clips.Key, StringComparer.Ordinal)
            .Select(clips => (clips.Key, clips.Sum(clip => ScoreTrack.Events(clip.Scores, (float)threshold, RefractorySteps)), clips.Sum(static clip => clip.Seconds) / 3600))];
}
