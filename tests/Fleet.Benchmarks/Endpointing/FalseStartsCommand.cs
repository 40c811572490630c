using System.Globalization;
using Fleet.Audio;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>How often the endpointer starts where nobody speaks: in folders of such recordings, and in synthetic noise.</summary>
internal static class FalseStartsCommand
{
    public const string Usage =
        """
              --wavs DIR          recordings without speech (repeatable)
              --detector NAME     silero (default) or energy
              --start MS          as above
        """;

    private static readonly int[] _levels = [-60, -50, -40, -30, -20, -10];

    public static int Run(string[] args)
    {
        var arguments = Arguments.Parse(args);
        using var vad = Detector.Load(arguments);
        var options = new EndpointerOptions();
        options.StartAfterSpeech = arguments.Milliseconds("--start") ?? options.StartAfterSpeech;

        foreach (var folder in arguments.All("--wavs"))
        {
            Tell(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), Directory.EnumerateFiles(folder, "*.wav").Order(StringComparer.Ordinal).Select(static file =>
            {
                var wav = WavReader.ReadFile(file);
                return Resampler.Resample(wav.Samples.Span, wav.SampleRateHz);
            }), options, vad);
        }

        foreach (var kind in SyntheticNoise.All(_levels).GroupBy(static noise => noise.Name))
        {
            Tell(kind.Key, kind.Select(static noise => noise.Samples), options, vad);
        }

        return 0;
    }

    private static void Tell(string name, IEnumerable<short[]> recordings, EndpointerOptions options, IVad vad)
    {
        var (samples, starts, kept) = (0L, 0, 0L);
        foreach (var recording in recordings)
        {
            var utterances = Utterances.Of(recording, options, vad);
            samples += recording.Length;
            starts += utterances.Count;
            kept += utterances.Sum(static utterance => (long)utterance.Samples.Length);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-10} {samples / 16_000.0 / 60,6:F1} min  {starts,4} starts  {kept / 16_000.0,6:F1} s kept"));
    }
}
