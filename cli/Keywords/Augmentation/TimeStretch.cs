using Fleet.Cli.Keywords.Networks;

namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>Speaks faster or slower at the same pitch: overlapping pieces are taken at other distances, each where it fits best to the one before.</summary>
internal static class TimeStretch
{
    // 30 ms pieces that overlap by half; moved by up to 6 ms, more than half a period of a low voice.
    private const int Piece = 480;
    private const int Hop = Piece / 2;
    private const int Search = 96;

    private static readonly float[] _window = [.. Enumerable.Range(0, Piece).Select(i => 0.5f - (0.5f * MathF.Cos(2 * MathF.PI * (i + 0.5f) / Piece)))];

    /// <param name="samples">The sound.</param>
    /// <param name="speed">1.1 = shorter by a tenth.</param>
    public static float[] Apply(ReadOnlySpan<float> samples, double speed)
    {
        var length = (int)(samples.Length / speed);
        var result = new float[length + Piece];
        var last = -1;
        for (var to = 0; to < length; to += Hop)
        {
            var wanted = (int)(to * speed);
            var from = last < 0 ? wanted : Best(samples, wanted, last + Hop);
            if (from + Piece > samples.Length)
            {
                break;
            }

            for (var i = 0; i < Piece; i++)
            {
                result[to + i] += samples[from + i] * _window[i];
            }

            last = from;
        }

        return result[..length];
    }

    // Where the sound goes on most like the piece that would have followed.
    private static int Best(ReadOnlySpan<float> samples, int wanted, int natural)
    {
        if (natural + Hop > samples.Length)
        {
            return wanted;
        }

        var like = samples.Slice(natural, Hop);
        var (best, most) = (wanted, float.NegativeInfinity);
        for (var from = Math.Max(0, wanted - Search); from <= wanted + Search && from + Piece <= samples.Length; from += 2)
        {
            var score = Vectors.Dot(like, samples.Slice(from, Hop));
            if (score > most)
            {
                (best, most) = (from, score);
            }
        }

        return best;
    }
}
