namespace Fleet.Audio;

/// <summary>Listens to the level of a stream, at the cost of a few sums. Not thread safe.</summary>
public sealed class InputQuality
{
    /// <summary>What was heard since the last <see cref="Take"/>.</summary>
    public InputLevels Levels { get; private set; }

    /// <summary>The next samples as they came from the microphone or file: before resampling and mixing, all channels.</summary>
    public void Add(ReadOnlySpan<short> samples) => Levels += InputLevels.Of(samples);

    /// <summary>What was heard since the last call; begins anew.</summary>
    public InputLevels Take()
    {
        var levels = Levels;
        Levels = default;
        return levels;
    }
}
