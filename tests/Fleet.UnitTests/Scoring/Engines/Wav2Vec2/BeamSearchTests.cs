using Fleet.Scoring.Engines.Wav2Vec2;

namespace Fleet.UnitTests.Scoring.Engines.Wav2Vec2;

/// <summary>Beam search against all alignments, added up one by one.</summary>
public sealed class BeamSearchTests
{
    private static readonly CtcVocabulary _vocabulary = new(new Dictionary<string, int> { ["<pad>"] = 0, ["|"] = 1, ["A"] = 2, ["B"] = 3 }, "<pad>", "|");

    [Fact]
    public void Decode_TextThatNoFrameChooses_IsFoundByItsSum()
    {
        // Blank is the best of each frame, but A in any of them is more probable than blank in both.
        var logits = Logits([0.4, 0.001, 0.35, 0.249], [0.4, 0.001, 0.35, 0.249]);

        Text(GreedySearch.Decode(logits, _vocabulary)).ShouldBe("");
        var found = BeamSearch.Decode(logits, _vocabulary, width: 5);
        Text(found[0]).ShouldBe("A");
        Math.Exp(found[0].LogProbability).ShouldBe((0.35 * 0.4 * 2) + (0.35 * 0.35), 1e-3);
        found.Select(path => path.LogProbability).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public void Decode_WideBeam_GivesEveryTextItsProbability()
    {
        var random = new Random(9);
        for (var round = 0; round < 20; round++)
        {
            var frames = Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 4).Select(_ => 0.05 + random.NextDouble()).ToArray()).ToArray();
            var expected = Enumerate(frames);

            var found = BeamSearch.Decode(Logits(frames), _vocabulary, width: 2_000);

            found.Count.ShouldBe(expected.Count);
            foreach (var path in found)
            {
                Math.Exp(path.LogProbability).ShouldBe(expected[Key(path.Symbols.Select(symbol => symbol.Token))], 1e-6);
            }
        }
    }

    [Fact]
    public void Decode_NarrowBeamOverLongAudio_KeepsTheBestText()
    {
        var random = new Random(10);
        var frames = Enumerable.Range(0, 500).Select(i => Enumerable.Range(0, 4).Select(token => (token == i / 7 % 4 ? 5 : 0.1) + (random.NextDouble() / 10)).ToArray()).ToArray();

        Text(BeamSearch.Decode(Logits(frames), _vocabulary, width: 4)[0]).ShouldBe(Text(GreedySearch.Decode(Logits(frames), _vocabulary)));
    }

    private static string Text(CtcPath path) => string.Join(' ', _vocabulary.Words(path.Symbols, 20, lowerCase: false).Select(word => word.Word));

    private static string Key(IEnumerable<int> tokens) => string.Join(',', tokens);

    private static float[] Logits(params double[][] frames) => [.. frames.SelectMany(frame => frame.Select(share => (float)Math.Log(share)))];

    private static Dictionary<string, double> Enumerate(double[][] frames)
    {
        var sums = new Dictionary<string, double>();
        var count = frames[0].Length;
        for (var number = 0; number < Math.Pow(count, frames.Length); number++)
        {
            var (rest, probability, tokens, previous) = (number, 1.0, new List<int>(), 0);
            foreach (var frame in frames)
            {
                var token = rest % count;
                rest /= count;
                probability *= frame[token] / frame.Sum();
                if (token != 0 && token != previous)
                {
                    tokens.Add(token);
                }

                previous = token;
            }

            sums[Key(tokens)] = sums.GetValueOrDefault(Key(tokens)) + probability;
        }

        return sums;
    }
}
