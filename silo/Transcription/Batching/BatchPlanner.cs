namespace Fleet.Silo.Transcription;

/// <summary>Which of those that wait go together.</summary>
internal static class BatchPlanner
{
    // Those that are looked at for one batch: enough to find similar lengths, few enough to be cheap.
    private const int LooksAtTimes = 4;

    public static int LooksAt(BatchBounds bounds) => bounds.Utterances * LooksAtTimes;

    /// <param name="candidates">In the order in which their turns come; the first one goes in any case.</param>
    /// <param name="fillers">May fill what the candidates leave.</param>
    /// <param name="bounds">Of one batch.</param>
    /// <param name="format">Of the endpoint.</param>
    /// <param name="cost">What calls of the endpoint cost.</param>
    public static BatchPlan Choose(
        IReadOnlyList<TranscriptionJob> candidates, IReadOnlyList<TranscriptionJob> fillers, BatchBounds bounds, ScoringFormat format, CostModel cost)
    {
        var first = candidates[0];
        List<TranscriptionJob> chosen = [first];
        var shape = new BatchShape(1, first.Seconds, first.Seconds);
        var bytes = first.RequestBytes(format);
        var most = format == ScoringFormat.Single ? 1 : Math.Min(Math.Min(bounds.Utterances, first.MaxCompany), cost.WorthUtterances(first.Seconds, bounds.Utterances));
        var isFull = most <= 1;
        // In their turns while all of them fit; when there are more than that, those of similar length, since one that waits longer is the first soon.
        var others = Order(candidates.Skip(1), candidates.Count > most, first)
            .Concat(Order(fillers, candidates.Count + fillers.Count > most, first));
        foreach (var job in isFull ? [] : others)
        {
            if (chosen.Count >= most)
            {
                isFull = true;
                break;
            }

            var company = chosen.Count + 1;
            if (job.MaxCompany < company || !cost.IsCheaperTogether(shape, job.Seconds))
            {
                continue;
            }

            if (shape.Seconds + job.Seconds > bounds.AudioSeconds || bytes + job.RequestBytes(format) > bounds.RequestBytes
                || cost.Expect(shape.With(job.Seconds)) > bounds.LongestCall)
            {
                isFull = true;
                continue;
            }

            chosen.Add(job);
            shape = shape.With(job.Seconds);
            bytes += job.RequestBytes(format);
        }

        return new BatchPlan(chosen, shape, isFull || chosen.Count >= most);
    }

    private static IEnumerable<TranscriptionJob> Order(IEnumerable<TranscriptionJob> jobs, bool isSurplus, TranscriptionJob like) =>
        isSurplus ? jobs.OrderBy(job => Math.Abs(Math.Log((job.Seconds + 0.1) / (like.Seconds + 0.1)))) : jobs;
}
