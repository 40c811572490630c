using System.Runtime.InteropServices;

namespace Fleet.Dashboard.History;

/// <summary>How loud an utterance is over its length, for drawing.</summary>
internal static class Waveform
{
    // Speech is often recorded far below full scale; below this the drawing stays low, so that noise does not look like speech.
    private const float LeastFullScale = 0.1f;

    /// <summary>Loudest sample of each of so many equal parts, 0 to 1, the loudest of all near 1.</summary>
    public static IReadOnlyList<float> Peaks(ReadOnlySpan<byte> pcm16, int parts)
    {
        // Network order does not matter here: the samples are little endian, as is every machine that .NET 10 runs on but s390x.
        var samples = MemoryMarshal.Cast<byte, short>(pcm16[..(pcm16.Length & ~1)]);
        if (samples.IsEmpty)
        {
            return [];
        }

        parts = Math.Min(parts, samples.Length);
        var peaks = new float[parts];
        for (var i = 0; i < parts; i++)
        {
            var start = (int)((long)samples.Length * i / parts);
            var end = (int)((long)samples.Length * (i + 1) / parts);
            foreach (var sample in samples[start..end])
            {
                peaks[i] = Math.Max(peaks[i], Math.Abs((float)sample) / short.MaxValue);
            }
        }

        var full = Math.Max(LeastFullScale, peaks.Max());
        for (var i = 0; i < parts; i++)
        {
            peaks[i] = Math.Min(1, peaks[i] / full);
        }

        return peaks;
    }
}
