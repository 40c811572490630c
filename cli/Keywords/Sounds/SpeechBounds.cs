namespace Fleet.Cli.Keywords.Sounds;

/// <summary>Where the speech of a short, quiet recording begins and ends, by loudness: in synthetic speech and guided recordings nothing else sounds.</summary>
internal readonly record struct SpeechBounds(int Start, int End)
{
    // 10 ms.
    private const int FrameSamples = 160;

    // 35 dB below the loudest frame: under it lie breath and the hum of a diphone voice.
    private const double RelativeFloor = 0.018;

    public int Length => End - Start;

    /// <summary>Null when nothing is loud enough to be speech.</summary>
    public static SpeechBounds? Find(ReadOnlySpan<short> samples)
    {
        var frames = samples.Length / FrameSamples;
        var levels = new double[frames];
        var loudest = 0.0;
        for (var frame = 0; frame < frames; frame++)
        {
            var sum = 0.0;
            foreach (var sample in samples.Slice(frame * FrameSamples, FrameSamples))
            {
                sum += (double)sample * sample;
            }

            levels[frame] = Math.Sqrt(sum / FrameSamples);
            loudest = Math.Max(loudest, levels[frame]);
        }

        const double Silence = 60;
        if (loudest < Silence)
        {
            return null;
        }

        var floor = loudest * RelativeFloor;
        var first = Array.FindIndex(levels, level => level > floor);
        var last = Array.FindLastIndex(levels, level => level > floor);
        return new SpeechBounds(first * FrameSamples, (last + 1) * FrameSamples);
    }
}
