namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>A cheap microphone or a telephone: what is below and above its band is lost. Second order at both ends.</summary>
internal static class BandLimit
{
    private const double RateHz = 16_000;

    public static void HighPass(Span<float> samples, double cutOffHz)
    {
        var (cosine, alpha) = Angle(cutOffHz);
        Apply(samples, (1 + cosine) / 2, -(1 + cosine), (1 + cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    }

    public static void LowPass(Span<float> samples, double cutOffHz)
    {
        var (cosine, alpha) = Angle(cutOffHz);
        Apply(samples, (1 - cosine) / 2, 1 - cosine, (1 - cosine) / 2, 1 + alpha, -2 * cosine, 1 - alpha);
    }

    private static (double Cosine, double Alpha) Angle(double cutOffHz)
    {
        var omega = 2 * Math.PI * cutOffHz / RateHz;
        return (Math.Cos(omega), Math.Sin(omega) / Math.Sqrt(2));
    }

    private static void Apply(Span<float> samples, double b0, double b1, double b2, double a0, double a1, double a2)
    {
        var (x1, x2, y1, y2) = (0.0, 0.0, 0.0, 0.0);
        foreach (ref var sample in samples)
        {
            double x0 = sample;
            var y0 = ((b0 * x0) + (b1 * x1) + (b2 * x2) - (a1 * y1) - (a2 * y2)) / a0;
            (x2, x1, y2, y1) = (x1, x0, y1, y0);
            sample = (float)y0;
        }
    }
}
