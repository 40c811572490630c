namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>Loudness in numbers.</summary>
internal static class Levels
{
    public const double FullScale = 32_768;

    public static double Rms(ReadOnlySpan<float> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
        {
            sum += (double)sample * sample;
        }

        return Math.Sqrt(sum / Math.Max(1, samples.Length));
    }

    public static double FromDb(double decibels) => Math.Pow(10, decibels / 20);

    public static float[] ToFloat(ReadOnlySpan<short> samples)
    {
        var result = new float[samples.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = samples[i];
        }

        return result;
    }

    public static short[] ToShort(ReadOnlySpan<float> samples)
    {
        var result = new short[samples.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (short)Math.Clamp(MathF.Round(samples[i]), short.MinValue, short.MaxValue);
        }

        return result;
    }
}
