namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>
/// Keeps the most probable readings and adds up all alignments of each: it finds texts that are likely as a whole though no frame by frame choice
/// gives them, and the next best ones.
/// </summary>
internal static class BeamSearch
{
    // A token of less than e^-9 (0.01 %) in a frame is no candidate: with it, no reading gets among the first ones.
    private const double Candidate = -9;

    /// <returns>Readings, the most probable first.</returns>
    public static IReadOnlyList<CtcPath> Decode(ReadOnlySpan<float> logits, CtcVocabulary vocabulary, int width)
    {
        var root = new BeamPrefix(null, -1, -1);
        root.Seed();
        List<BeamPrefix> beam = [root];
        var touched = new List<BeamPrefix>();
        var logProbabilities = new double[vocabulary.Count];
        for (var frame = 0; (frame + 1) * vocabulary.Count <= logits.Length; frame++)
        {
            LogSoftmax(logits.Slice(frame * vocabulary.Count, vocabulary.Count), logProbabilities);
            touched.Clear();
            foreach (var prefix in beam)
            {
                Extend(prefix, frame, logProbabilities, vocabulary, touched);
            }

            foreach (var prefix in touched)
            {
                prefix.Advance();
            }

            touched.Sort(static (a, b) => b.Total.CompareTo(a.Total));
            beam.Clear();
            beam.AddRange(touched.Take(width));

            // What falls out of the beam must not come back with the numbers of this frame.
            foreach (var prefix in touched.Skip(width))
            {
                prefix.Forget();
            }
        }

        return [.. beam.Select(static prefix => new CtcPath(prefix.Symbols(), prefix.Total))];
    }

    private static void Extend(BeamPrefix prefix, int frame, double[] logProbabilities, CtcVocabulary vocabulary, List<BeamPrefix> touched)
    {
        prefix.Touch(touched);
        prefix.AddBlank(prefix.Total + logProbabilities[vocabulary.Blank]);
        if (prefix.Token >= 0)
        {
            prefix.AddToken(prefix.EndsInToken + logProbabilities[prefix.Token], frame, logProbabilities[prefix.Token]);
        }

        for (var token = 0; token < logProbabilities.Length; token++)
        {
            if (token == vocabulary.Blank || logProbabilities[token] < Candidate || !vocabulary.IsText(token))
            {
                continue;
            }

            // The same token again is a second one only after a blank.
            var before = token == prefix.Token ? prefix.EndsInBlank : prefix.Total;
            if (!double.IsNegativeInfinity(before))
            {
                var child = prefix.Child(token, frame);
                child.Touch(touched);
                child.AddToken(before + logProbabilities[token], frame, logProbabilities[token]);
            }
        }
    }

    private static void LogSoftmax(ReadOnlySpan<float> scores, double[] logProbabilities)
    {
        var best = double.NegativeInfinity;
        foreach (var score in scores)
        {
            best = Math.Max(best, score);
        }

        var sum = 0.0;
        foreach (var score in scores)
        {
            sum += Math.Exp(score - best);
        }

        var total = best + Math.Log(sum);
        for (var i = 0; i < scores.Length; i++)
        {
            logProbabilities[i] = scores[i] - total;
        }
    }
}
