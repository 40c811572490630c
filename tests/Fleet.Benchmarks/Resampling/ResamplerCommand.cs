using System.Globalization;

namespace Fleet.Benchmarks.Resampling;

/// <summary>What the resampler lets pass and what it stops, measured with one tone after the other, as a table and a picture.</summary>
internal static class ResamplerCommand
{
    public const string Usage =
        """
              --svg FILE          where the picture goes
        """;

    private const double StepHz = 50;
    private const double OutputNyquistKilohertz = 8;

    private static readonly int[] _rates = [8_000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000];

    public static int Run(string[] args)
    {
        var file = Arguments.Parse(args).Required("--svg");
        var gains = new List<(string, IReadOnlyList<(double, double)>)>();
        var residues = new List<(string, IReadOnlyList<(double, double)>)>();
        Console.WriteLine("| from | flat within 0.1 dB to | ripple to there | 8 kHz and above at most | images and aliases at most | delay at most |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var rate in _rates)
        {
            var tones = Tones(rate).AsParallel().AsOrdered().WithDegreeOfParallelism(2).Select(hz => ToneResponse.Measure(rate, hz)).ToList();
            var name = string.Create(CultureInfo.InvariantCulture, $"{rate / 1000.0:0.###} kHz");
            gains.Add((name, [.. tones.Select(static tone => (tone.FrequencyHz / 1000, tone.GainDecibels))]));
            residues.Add((name, [.. tones.Where(static tone => tone.FrequencyHz < OutputNyquistKilohertz * 1000).Select(static tone => (tone.FrequencyHz / 1000, tone.ResidueDecibels))]));
            Console.WriteLine(Row(name, tones));
        }

        File.WriteAllText(file, SvgChart.Draw(
        [
            new Plot
            {
                Title = "What comes out at 16 kHz of a tone that goes in at …",
                MaxKilohertz = 24,
                MinDecibels = -110,
                Limit = (-60, "nothing above 8 kHz may pass this line"),
                Lines = gains,
            },
            new Plot
            {
                Title = "What else comes out: images, aliases, rounding to 16 bits",
                MaxKilohertz = 8,
                MinDecibels = -110,
                Limit = (-60, "nothing may pass this line"),
                Lines = residues,
            },
        ]));
        return 0;
    }

    private static IEnumerable<double> Tones(int rate)
    {
        // Not on round numbers: there the aliases of a tone would hide under the tone itself.
        for (var hz = StepHz + 7.3; hz < rate / 2.0; hz += StepHz)
        {
            yield return hz;
        }
    }

    private static string Row(string name, List<ToneResponse> tones)
    {
        var below = tones.Where(static tone => tone.FrequencyHz < OutputNyquistKilohertz * 1000).ToList();
        var passes = below.TakeWhile(static tone => Math.Abs(tone.GainDecibels) <= 0.1).ToList();
        var stopped = tones.Where(static tone => tone.FrequencyHz >= OutputNyquistKilohertz * 1000).ToList();
        var stop = stopped.Count == 0 ? "(has none)" : string.Create(CultureInfo.InvariantCulture, $"{stopped.Max(static tone => tone.GainDecibels):F1} dB");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {passes[^1].FrequencyHz / 1000:F2} kHz | ±{passes.SkipLast(1).Max(static tone => Math.Abs(tone.GainDecibels)):F3} dB | {stop} "
            + $"| {below.Max(static tone => tone.ResidueDecibels):F1} dB | {passes.Max(static tone => Math.Abs(tone.DelayMicroseconds)):F2} µs |");
    }
}
