namespace Fleet.Benchmarks.Cluster;

/// <summary>What activated actors weigh.</summary>
/// <param name="IsCluster">Orleans, else embedded.</param>
/// <param name="Count">Actors at the end.</param>
/// <param name="BeforeMiB">The silo's memory with the first of them.</param>
/// <param name="AfterMiB">With all.</param>
/// <param name="First">How many the first were.</param>
/// <param name="Elapsed">That the others took; each one is a session opened and closed.</param>
internal sealed record ActorsResult(bool IsCluster, int Count, double BeforeMiB, double AfterMiB, int First, TimeSpan Elapsed)
{
    public double KibibytesEach => (AfterMiB - BeforeMiB) * 1_024 / Math.Max(1, Count - First);

    public double PerSecond => (Count - First) / Elapsed.TotalSeconds;
}
