using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using Fleet.Audio;

namespace Fleet.Benchmarks.Endpointing;

/// <summary>One recording with what is said in it.</summary>
internal sealed record Clip(string Name, string Set, string Text, ReadOnlyMemory<short> Samples);

/// <summary>Reads clips and their texts, and makes the variants in which they are measured. Seeded: the same every time.</summary>
internal static class ClipSet
{
    public static IEnumerable<Clip> Load(Arguments arguments)
    {
        var folder = arguments.Required("--wavs");
        var sets = arguments.All("--set");
        var minWords = arguments.Number("--min-words") ?? 0;
        var random = new Random(1);
        var lines = File.ReadLines(arguments.Required("--texts")).Select(static line => line.Split('\t'));
        var setColumn = Array.IndexOf(lines.First(), "set");
        var clips = lines.Skip(1)
            .Select(fields => (File: Path.GetFileName(fields[0]), Text: fields[1], Set: setColumn < 0 ? "clips" : fields[setColumn]))
            .Where(row => sets.Count == 0 || sets.Contains(row.Set))
            .Where(row => row.Text.Split(' ').Length >= minWords)
            .Select(row => Read(Path.Combine(folder, row.File), row.Set, row.Text, arguments, random));
        return arguments.Number("--join") is { } count ? Join(clips, (int)count, random) : clips;
    }

    private static Clip Read(string path, string set, string text, Arguments arguments, Random random)
    {
        var samples = arguments.Number("--rate") is { } rate ? Rerecorded(path, (int)rate) : At16Kilohertz(WavReader.ReadFile(path));
        if (arguments.Number("--gain") is { } gain)
        {
            var factor = Math.Pow(10, gain / 20);
            Map(samples, sample => sample * factor);
        }

        if (arguments.Number("--snr") is { } snr)
        {
            var power = samples.Sum(static sample => (double)sample * sample) / samples.Length;
            var deviation = Math.Sqrt(power / Math.Pow(10, snr / 10));
            Map(samples, sample => sample + (deviation * Gaussian(random)));
        }

        return new Clip(Path.GetFileNameWithoutExtension(path), set, text, samples);
    }

    private static short[] Rerecorded(string path, int rate)
    {
        var channels = rate >= 44_100 ? 2 : 1;
        var copy = Path.GetTempFileName();
        try
        {
            string[] arguments =
            [
                "-v", "error", "-y", "-i", path, "-ar", rate.ToString(CultureInfo.InvariantCulture), "-ac",
                channels.ToString(CultureInfo.InvariantCulture), "-c:a", "pcm_s16le", "-f", "wav", copy,
            ];
            using var ffmpeg = Process.Start("ffmpeg", arguments);
            ffmpeg.WaitForExit();
            return At16Kilohertz(WavReader.ReadFile(copy));
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static short[] At16Kilohertz(WavAudio audio) => Resampler.Resample(audio.Samples.Span, audio.SampleRateHz);

    private static IEnumerable<Clip> Join(IEnumerable<Clip> clips, int count, Random random)
    {
        foreach (var group in clips.Chunk(count))
        {
            var samples = new ArrayBufferWriter<short>();
            foreach (var clip in group)
            {
                samples.Write(clip.Samples.Span);
                var pause = new short[(int)(16_000 * (0.3 + (2.7 * random.NextDouble())))];
                Map(pause, _ => 2 * Gaussian(random));
                samples.Write(pause);
            }

            yield return new Clip($"{group[0].Name}+{group.Length - 1}", "joined", string.Join(' ', group.Select(static clip => clip.Text)), samples.WrittenMemory);
        }
    }

    private static void Map(short[] samples, Func<double, double> change)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = (short)Math.Clamp(Math.Round(change(samples[i])), short.MinValue, short.MaxValue);
        }
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
