using Fleet.Cli.Keywords.Evaluation;

namespace Fleet.Cli.Keywords.Training;

/// <summary>What heads make of the clips that they did not learn from.</summary>
internal sealed record ValidationScores
{
    /// <summary>Logits of the recordings, or of the other clips where there is no recording.</summary>
    public required IReadOnlyList<float[]> Tracks { get; init; }

    public required double Hours { get; init; }

    /// <summary>True when the tracks are clips made to be confused, not time as it passes.</summary>
    public required bool TracksAreClips { get; init; }

    /// <summary>Logits of scenes with the keyword, the steps of a yes and one before and after.</summary>
    public required IReadOnlyList<(float[] Logits, int FirstPositive)> Keywords { get; init; }

    /// <summary>Highest logit of each scene of other clips.</summary>
    public required IReadOnlyList<float> Others { get; init; }

    public required int RefractorySteps { get; init; }

    public required int StepMs { get; init; }

    /// <summary>Scenes of the keyword that were learned from.</summary>
    public required int TrainedKeywords { get; init; }

    public IReadOnlyList<float> Peaks => [.. Keywords.Select(keyword => ScoreTrack.Highest(keyword.Logits, 0, keyword.Logits.Length))];

    public static ValidationScores Create(IReadOnlyList<FeatureClip> clips, Ensemble ensemble, IWindowFeatures features, int threads)
    {
        var stepSeconds = (double)features.StepSamples / Sounds.Wave16.RateHz;
        var held = clips.Where(clip => clip.IsValidation).ToList();
        var logits = new float[held.Count][];
        Parallel.For(
            0, held.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => logits[i] = ensemble.Logits(held[i], features.StepSize, features.WindowSteps));
        var all = held.Zip(logits).ToList();
        var recordings = all.Where(one => one.First.Kind is ClipKind.Recording or ClipKind.Noise).ToList();
        var others = all.Where(one => one.First.Kind == ClipKind.Other).ToList();
        var keywords = all.Where(one => one.First.FirstPositive >= 0).ToList();
        if (keywords.Count == 0 || recordings.Count + others.Count == 0)
        {
            throw new IOException("Too few clips are kept out of training to calibrate by: give more files, or a higher --validation-percent.");
        }

        var tracks = recordings.Count > 0 ? recordings : others;
        return new ValidationScores
        {
            Tracks = [.. tracks.Select(one => one.Second)],
            Hours = tracks.Sum(one => one.First.Steps) * stepSeconds / 3600,
            TracksAreClips = recordings.Count == 0,
            Keywords = [.. keywords.Select(one => (
                one.Second[Math.Max(0, one.First.FirstPositive - 1)..Math.Min(one.Second.Length, one.First.LastPositive + 3)],
                Math.Min(1, one.First.FirstPositive)))],
            Others = [.. others.Select(one => ScoreTrack.Highest(one.Second, 0, one.Second.Length))],
            RefractorySteps = Math.Max(1, (int)Math.Round(1.5 / stepSeconds)),
            StepMs = (int)Math.Round(stepSeconds * 1000),
            TrainedKeywords = clips.Count(clip => !clip.IsValidation && clip.FirstPositive >= 0),
        };
    }

    /// <summary>How long after the end of the keyword a score reaches the threshold, on average.</summary>
    public int DelayMs(double threshold)
    {
        var delays = Keywords.Select(keyword => Array.FindIndex(keyword.Logits, logit => logit >= threshold) is >= 0 and var at ? at - keyword.FirstPositive : (int?)null)
            .OfType<int>()
            .ToList();

        // The first step of a yes ends half a step after the word, on average.
        return delays.Count == 0 ? 0 : (int)Math.Round((delays.Average() + 0.5) * StepMs);
    }
}
