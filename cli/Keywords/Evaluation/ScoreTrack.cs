namespace Fleet.Cli.Keywords.Evaluation;

/// <summary>The scores of one recording, step by step.</summary>
internal static class ScoreTrack
{
    /// <summary>How often a spotter fires: a score at or above the threshold counts, and then for a while none does.</summary>
    public static int Events(ReadOnlySpan<float> scores, float threshold, int refractorySteps)
    {
        var count = 0;
        for (var step = 0; step < scores.Length; step++)
        {
            if (scores[step] >= threshold)
            {
                count++;
                step += refractorySteps - 1;
            }
        }

        return count;
    }

    /// <summary>The highest score of a stretch of steps.</summary>
    public static float Highest(ReadOnlySpan<float> scores, int from, int to)
    {
        var highest = float.NegativeInfinity;
        for (var step = Math.Max(0, from); step <= Math.Min(to, scores.Length - 1); step++)
        {
            highest = Math.Max(highest, scores[step]);
        }

        return highest;
    }
}
