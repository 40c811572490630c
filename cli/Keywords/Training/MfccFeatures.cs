using Fleet.Audio.Keywords;
using Fleet.Cli.Keywords.Augmentation;
using Fleet.Cli.Keywords.Sounds;

namespace Fleet.Cli.Keywords.Training;

/// <summary>Edge Impulse's MFCC of the last second, four times a second: for people who train on their own recordings.</summary>
internal sealed class MfccFeatures : IWindowFeatures
{
    private const int WindowSamples = Wave16.RateHz;

    private readonly ThreadLocal<MfccExtractor> _extractor;

    public MfccFeatures(MfccParameters parameters)
    {
        _extractor = new ThreadLocal<MfccExtractor>(() => new MfccExtractor(parameters, Wave16.RateHz, WindowSamples));
        var first = new MfccExtractor(parameters, Wave16.RateHz, WindowSamples);
        (Frames, Coefficients) = (first.Frames, first.Coefficients);
    }

    public int Frames { get; }

    public int Coefficients { get; }

    public string Name => "mfcc";

    public int StepSamples => Wave16.RateHz / 4;

    public int StepSize => Frames * Coefficients;

    public int WindowSteps => 1;

    /// <summary>The steps whose second holds the whole word; of a longer word, the one at its end.</summary>
    public (int First, int Last) PositiveSteps(Scene scene)
    {
        var first = ((scene.SpeechEnd + StepSamples - 1) / StepSamples) - 1;
        return (first, Math.Max(first, ((scene.SpeechStart + WindowSamples) / StepSamples) - 1));
    }

    public float[] Extract(short[] samples)
    {
        var extractor = _extractor.Value!; // made by the factory
        var values = new float[samples.Length / StepSamples * StepSize];
        var padded = new short[WindowSamples + samples.Length];
        samples.CopyTo(padded, WindowSamples);
        for (var step = 0; step < samples.Length / StepSamples; step++)
        {
            extractor.Extract(padded.AsSpan((step + 1) * StepSamples, WindowSamples), values.AsSpan(step * StepSize, StepSize));
        }

        return values;
    }

    public void Dispose() => _extractor.Dispose();
}
