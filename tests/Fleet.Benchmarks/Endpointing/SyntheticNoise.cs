namespace Fleet.Benchmarks.Endpointing;

/// <summary>Sounds of rooms and machines in which nobody speaks. Seeded: the same every time.</summary>
internal static class SyntheticNoise
{
    private const double SampleRateHz = 16_000;

    public static readonly IReadOnlyList<string> Kinds = ["white", "brown", "hum", "clicks", "knocks", "tone", "beeps"];

    /// <summary>Two minutes of each kind at each level, in dBFS.</summary>
    public static IEnumerable<(string Name, short[] Samples)> All(IReadOnlyList<int> levels) =>
        from kind in Kinds from level in levels select (kind, Make(kind, level));

    private static short[] Make(string kind, int level)
    {
        var random = new Random(level);
        var amplitude = 32_768 * Math.Pow(10, level / 20.0);
        var samples = new short[(int)(120 * SampleRateHz)];
        var (brown, ring) = (0.0, 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            var noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            double Sine(double hertz) => 1.4 * Math.Sin(2 * Math.PI * hertz * i / SampleRateHz);
            var value = kind switch
            {
                "white" => noise,
                "brown" => 4 * (brown = (brown * 0.98) + (noise * 0.04)),
                "hum" => Sine(50) + (0.3 * Sine(150)),
                "clicks" => 10 * noise * (ring = random.Next(8_000) == 0 ? 1 : ring * 0.99),
                "knocks" => 10 * noise * (ring = random.Next(16_000) == 0 ? 1 : ring * 0.9985),
                "tone" => Sine(440),
                _ => (i / 3_200 % 5 == 0 ? 1 : 0.01) * Sine(1_000),
            };
            samples[i] = (short)Math.Clamp(amplitude * value, short.MinValue, short.MaxValue);
        }

        return samples;
    }
}
