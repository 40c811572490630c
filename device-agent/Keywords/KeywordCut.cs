namespace Fleet.DeviceAgent.Keywords;

/// <summary>
/// Where the keyword ends and what is said begins. A model knows it to a tenth of a second or two; between words, or at least between their
/// loudest parts, there is a dip in the sound.
/// </summary>
internal static class KeywordCut
{
    /// <summary>Samples that are wanted before and after the end that the model tells.</summary>
    public const int BeforeSamples = 1_600;
    public const int AfterSamples = 2_400;

    private const int FrameSamples = 160;

    // A dip counts by its mean over so many frames: a single one lies in every consonant.
    private const int DipFrames = 4;

    /// <summary>The offset in these samples at which to cut.</summary>
    public static int Find(ReadOnlySpan<short> samples)
    {
        var frames = samples.Length / FrameSamples;
        if (frames < DipFrames)
        {
            return samples.Length;
        }

        Span<double> energies = stackalloc double[frames];
        for (var frame = 0; frame < frames; frame++)
        {
            foreach (var sample in samples.Slice(frame * FrameSamples, FrameSamples))
            {
                energies[frame] += (double)sample * sample;
            }
        }

        var (best, lowest) = (0, double.PositiveInfinity);
        for (var frame = 0; frame + DipFrames <= frames; frame++)
        {
            var energy = 0.0;
            foreach (var value in energies.Slice(frame, DipFrames))
            {
                energy += value;
            }

            (best, lowest) = energy < lowest ? (frame, energy) : (best, lowest);
        }

        return (best + (DipFrames / 2)) * FrameSamples;
    }
}
