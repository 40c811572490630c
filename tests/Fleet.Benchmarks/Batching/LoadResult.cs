namespace Fleet.Benchmarks.Batching;

/// <summary>How a policy did under a load.</summary>
/// <param name="Policy">Its name.</param>
/// <param name="Load">Of the best possible throughput.</param>
/// <param name="Throughput">Utterances a second that were recognised while the load lasted, after its first quarter.</param>
/// <param name="Said">Utterances of the load.</param>
/// <param name="Failed">Of these, the ones that ended without a transcript though nothing was wrong with them.</param>
/// <param name="Open">Of these, the ones that were still open some seconds after its end.</param>
/// <param name="Latencies">Sorted seconds from the end of speech until the transcript was stored; what is open counts as endless.</param>
internal sealed record LoadResult(string Policy, double Load, double Throughput, int Said, int Failed, int Open, IReadOnlyList<double> Latencies)
{
    /// <summary>Of the calls that were answered; 0 = not counted.</summary>
    public double UtterancesPerCall { get; init; }

    /// <summary>Seconds of audio of one that was recognised: who picks the short ones does more of them.</summary>
    public double SecondsPerUtterance { get; init; }

    public double Percentile(double share) => Latencies.Count == 0 ? double.NaN : Latencies[GrpcCalls.Statistics.PercentileIndex(Latencies.Count, share)];
}
