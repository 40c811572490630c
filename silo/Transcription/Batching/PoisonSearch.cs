namespace Fleet.Silo.Transcription;

/// <summary>
/// Finds the utterances at which a batch fails, by halves: what is answered on the way is done with. When one half is fine the fault is in the other, which is not
/// asked as a whole once more, so one such utterance costs at most 2 log2(n) calls.
/// </summary>
/// <param name="callAsync">Sends some of them in one call.</param>
/// <param name="utterances">In the batch that failed.</param>
internal sealed class PoisonSearch(Func<IReadOnlyList<TranscriptionJob>, Task<PoisonSearch.Verdict>> callAsync, int utterances)
{
    private readonly int _callsForOne = Math.Max(2, (int)(2 * Math.Log2(utterances)));

    internal enum Verdict
    {
        /// <summary>Each of them has a result.</summary>
        Fine,

        /// <summary>The call failed as a whole, and the endpoint is to be asked on.</summary>
        Faulty,

        /// <summary>The endpoint is away, or has no time: asking on says nothing.</summary>
        Unclear,
    }

    public int Calls { get; private set; }

    /// <summary>Alone in a call that failed.</summary>
    public List<TranscriptionJob> Found { get; } = [];

    /// <summary>Those of which nothing was found out.</summary>
    public List<TranscriptionJob> Open { get; } = [];

    public Task RunAsync(IReadOnlyList<TranscriptionJob> faulty) => SplitAsync(faulty);

    private async Task SplitAsync(IReadOnlyList<TranscriptionJob> faulty)
    {
        IReadOnlyList<TranscriptionJob> left = [.. faulty.Take(faulty.Count / 2)], right = [.. faulty.Skip(faulty.Count / 2)];
        switch (await AskAsync(left))
        {
            case Verdict.Fine when right.Count > 1:
                await SplitAsync(right);
                break;
            case Verdict.Fine or Verdict.Faulty:
                await AskAsync(right);
                break;
            default:
                Open.AddRange(right);
                break;
        }
    }

    // What fails is looked into at once; alone it is found.
    private async Task<Verdict> AskAsync(IReadOnlyList<TranscriptionJob> part)
    {
        if (Calls >= _callsForOne * (Found.Count + 1))
        {
            Open.AddRange(part);
            return Verdict.Unclear;
        }

        Calls++;
        var verdict = await callAsync(part);
        if (verdict == Verdict.Unclear)
        {
            Open.AddRange(part);
        }
        else if (verdict == Verdict.Faulty && part.Count == 1)
        {
            Found.Add(part[0]);
        }
        else if (verdict == Verdict.Faulty)
        {
            await SplitAsync(part);
        }

        return verdict;
    }
}
