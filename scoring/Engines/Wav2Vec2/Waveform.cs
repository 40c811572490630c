namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>Samples as the model was trained on them.</summary>
internal static class Waveform
{
    // As in training: it keeps silence from becoming noise.
    private const double Epsilon = 1e-7;
    private const double Int16Scale = 32_768;

    /// <summary>Writes samples in ±1, and if asked with mean 0 and variance 1 over exactly these samples.</summary>
    public static void Write(ReadOnlySpan<short> samples, Span<float> output, bool normalise)
    {
        var (mean, factor) = (0.0, 1 / Int16Scale);
        if (normalise && samples.Length > 0)
        {
            // Sums of 16-bit samples are exact in 64 bits, whatever their number.
            var (sum, squares) = (0L, 0L);
            foreach (var sample in samples)
            {
                sum += sample;
                squares += sample * sample;
            }

            mean = (double)sum / samples.Length;
            var variance = Math.Max(0, ((double)squares / samples.Length) - (mean * mean)) / (Int16Scale * Int16Scale);
            factor /= Math.Sqrt(variance + Epsilon);
        }

        for (var i = 0; i < samples.Length; i++)
        {
            output[i] = (float)((samples[i] - mean) * factor);
        }
    }
}
