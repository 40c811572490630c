namespace Fleet.Testing.Speech;

/// <summary>"Speech" whose text is known by construction: a tone of its own for each letter. <see cref="ToneModel"/> hears it.</summary>
public static class ToneSpeech
{
    public const int SampleRateHz = 16_000;

    /// <summary>Samples of one frame: 20 ms, as in wav2vec2.</summary>
    public const int FrameSamples = 320;

    /// <summary>wav2vec2-base-960h's tokens in its order.</summary>
    public static IReadOnlyList<string> Tokens { get; } =
    [
        "<pad>", "<s>", "</s>", "<unk>", "|", "E", "T", "A", "O", "N", "I", "H", "S", "R", "D", "L", "U", "M", "W", "C", "F", "G", "Y", "P", "B", "V", "K", "'",
        "X", "J", "Q", "Z",
    ];

    /// <summary>Says a text: each letter for so many frames, then a silent one, so that double letters are two.</summary>
    public static short[] Say(string text, double amplitude = 0.3, int framesPerLetter = 2, int pauseFrames = 1, double offset = 0, int extraSamples = 0)
    {
        ArgumentNullException.ThrowIfNull(text);
        var frames = new List<int>();
        foreach (var letter in text)
        {
            frames.AddRange(Enumerable.Repeat(TokenOf(letter), framesPerLetter));
            frames.AddRange(Enumerable.Repeat(0, pauseFrames));
        }

        return SayFrames(frames, amplitude, offset, extraSamples);
    }

    /// <summary>Says one token a frame; 0 is silence.</summary>
    public static short[] SayFrames(IReadOnlyList<int> tokens, double amplitude = 0.3, double offset = 0, int extraSamples = 0)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var samples = new short[(tokens.Count * FrameSamples) + extraSamples];
        for (var i = 0; i < samples.Length; i++)
        {
            var token = i / FrameSamples < tokens.Count ? tokens[i / FrameSamples] : 0;
            var tone = token == 0 ? 0 : amplitude * Math.Sin(2 * Math.PI * Cycles(token) * i / FrameSamples);
            samples[i] = (short)Math.Clamp(Math.Round((tone + offset) * 32_768), short.MinValue, short.MaxValue);
        }

        return samples;
    }

    public static int TokenOf(char letter)
    {
        var token = letter == ' ' ? 4 : Tokens.ToList().IndexOf(letter.ToString());
        return token > 0 ? token : throw new ArgumentException($"There is no tone for '{letter}'.", nameof(letter));
    }

    /// <summary>Whole periods of a token's tone in a frame, so that no two tones disturb each other.</summary>
    internal static int Cycles(int token) => 4 * (token + 1);
}
