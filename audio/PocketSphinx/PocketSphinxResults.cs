using System.Runtime.InteropServices;

namespace Fleet.Audio;

/// <summary>Reads words and alternatives out of a decoder that has finished an utterance.</summary>
internal static unsafe class PocketSphinxResults
{
    private const int MillisecondsPerFrame = 10;

    // Scores of paths are 1,024 times smaller than probabilities, and the language model weighs 6.5 times what it says: both as the library's defaults.
    private const double ScoreScale = 1_024 / 6.5;

    // Most of the paths differ in pauses only: where so many bring no other text, further ones rarely do.
    private const int MaxPaths = 100;

    /// <summary>The words of the best path, without pauses and noises.</summary>
    public static IReadOnlyList<RecognisedWord> Words(nint decoder, nint logMath, int[] places)
    {
        var words = new List<RecognisedWord>();
        int unused;
        for (var segment = PocketSphinxNative.FirstSegment(decoder, &unused); segment != 0; segment = PocketSphinxNative.NextSegment(segment))
        {
            int first, last, acoustic, language, backOff;
            var word = Word(Marshal.PtrToStringUTF8((nint)PocketSphinxNative.SegmentWord(segment)));
            if (word is null)
            {
                continue;
            }

            PocketSphinxNative.SegmentFrames(segment, &first, &last);
            var probability = PocketSphinxNative.SegmentProbability(segment, &acoustic, &language, &backOff);
            words.Add(new RecognisedWord(
                word,
                Place(places, first) * MillisecondsPerFrame,
                (Place(places, last) + 1) * MillisecondsPerFrame,
                (float)Math.Clamp(Math.Exp(PocketSphinxNative.LogToNatural(logMath, probability)), 0, 1)));
        }

        return words;
    }

    /// <summary>Other texts than <paramref name="text"/>, the most probable first.</summary>
    public static IReadOnlyList<RecognitionAlternative> Alternatives(nint decoder, nint logMath, string text, double logProbability, int count)
    {
        var found = new Dictionary<string, RecognitionAlternative>(StringComparer.Ordinal);
        int? bestScore = null;
        var best = PocketSphinxNative.FirstBest(decoder, 0, -1, null, null);
        for (var i = 0; best != 0 && i < MaxPaths && found.Count < count; i++, best = PocketSphinxNative.NextBest(best))
        {
            int score;
            if (Marshal.PtrToStringUTF8((nint)PocketSphinxNative.BestHypothesis(best, &score)) is { Length: > 0 } other)
            {
                bestScore ??= score;
                if (other != text && !found.ContainsKey(other))
                {
                    var less = Math.Min(0, PocketSphinxNative.LogToNatural(logMath, score - bestScore.Value) * ScoreScale);
                    found.Add(other, new RecognitionAlternative(other, PerWord(logProbability + less, other)));
                }
            }
        }

        if (best != 0)
        {
            PocketSphinxNative.FreeBest(best);
        }

        return [.. found.Values.OrderByDescending(static other => other.Confidence)];
    }

    /// <summary>The probability of a whole text shrinks with its length; its geometric mean over the words is comparable between texts.</summary>
    public static float PerWord(double logProbability, string text)
    {
        var words = 1 + text.AsSpan().Count(' ');
        return (float)Math.Clamp(Math.Exp(logProbability / words), 0, 1);
    }

    /// <summary>Without the number of its pronunciation; null for what is no word.</summary>
    internal static string? Word(string? segment) => segment switch
    {
        null or "" or ['<', ..] or ['[', ..] or ['+', '+', ..] => null,
        [.., ')'] when segment.LastIndexOf('(') is > 0 and var open => segment[..open],
        _ => segment,
    };

    private static int Place(int[] places, int frame) => places.Length == 0 ? 0 : places[Math.Clamp(frame, 0, places.Length - 1)];
}
