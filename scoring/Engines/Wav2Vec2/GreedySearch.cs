namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>The best token of each frame; then repetitions are one, and blanks are none.</summary>
internal static class GreedySearch
{
    /// <param name="logits">Frame by frame, a number for each token.</param>
    /// <param name="vocabulary">What they stand for.</param>
    public static CtcPath Decode(ReadOnlySpan<float> logits, CtcVocabulary vocabulary)
    {
        var symbols = new List<CtcSymbol>();
        var (previous, total) = (-1, 0.0);
        for (var frame = 0; (frame + 1) * vocabulary.Count <= logits.Length; frame++)
        {
            var scores = logits.Slice(frame * vocabulary.Count, vocabulary.Count);
            var best = IndexOfBest(scores);
            var logProbability = -LogSum(scores, scores[best]);
            total += logProbability;
            if (best == previous && symbols is [.., var last] && last.Token == best)
            {
                symbols[^1] = last with { EndFrame = frame, LogProbability = Math.Max(last.LogProbability, logProbability) };
            }
            else if (vocabulary.IsText(best))
            {
                symbols.Add(new CtcSymbol(best, frame, frame, logProbability));
            }

            previous = best;
        }

        return new CtcPath(symbols, total);
    }

    private static int IndexOfBest(ReadOnlySpan<float> scores)
    {
        var best = 0;
        for (var i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }

    // How far below the best score lies what the softmax divides by.
    private static double LogSum(ReadOnlySpan<float> scores, float best)
    {
        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += Math.Exp(score - best);
        }

        return Math.Log(sum);
    }
}
