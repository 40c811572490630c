using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Recording;

/// <summary>Whether a recorded clip is of use, and if not, what to do differently.</summary>
internal static class ClipJudge
{
    private const int EdgeSamples = Wave16.RateHz / 20;
    private const int ShortestSamples = Wave16.RateHz * 15 / 100;
    private const int ClippedSamples = 20;
    private const double QuietPeak = 1_000;

    /// <summary>Null when it is fine; else a sentence for who speaks.</summary>
    /// <param name="samples">The clip.</param>
    /// <param name="bounds">Where the word is, when it is fine.</param>
    public static string? Problem(ReadOnlySpan<short> samples, out SpeechBounds bounds)
    {
        bounds = default;
        var (peak, clipped) = (0, 0);
        foreach (var sample in samples)
        {
            var level = Math.Abs((int)sample);
            peak = Math.Max(peak, level);
            clipped += level >= short.MaxValue - 1 ? 1 : 0;
        }

        if (peak == 0)
        {
            return "the microphone gives nothing but zeros: is it muted, or the wrong device?";
        }

        if (clipped > ClippedSamples)
        {
            return "it is too loud: step back, or lower the gain";
        }

        if (peak < QuietPeak || SpeechBounds.Find(samples) is not { } found || found.Length < ShortestSamples)
        {
            return "nothing was heard: speak louder, or nearer";
        }

        if (found.Start < EdgeSamples || found.End > samples.Length - EdgeSamples)
        {
            return "the word is cut off, or there is noise around it: wait for the mark, then say it at once, in a quiet moment";
        }

        bounds = found;
        return null;
    }
}
