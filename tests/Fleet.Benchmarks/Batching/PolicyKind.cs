using Fleet.Silo.Transcription;

namespace Fleet.Benchmarks.Batching;

/// <summary>The ways that are compared.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Start">Begins it in front of an endpoint; it tells what was recognised.</param>
internal sealed record PolicyKind(string Name, Func<ScoringTarget, Action<Guid, bool>, IPolicy> Start)
{
    private const int MostUtterances = 32;

    public static PolicyKind Direct { get; } = new("one a call", static (target, done) => new WindowPolicy(target, 1, TimeSpan.Zero, target.Ceiling, done));

    public static PolicyKind NoDelay { get; } =
        new("no delay", static (target, done) => new WindowPolicy(target, MostUtterances, TimeSpan.Zero, Math.Max(1, target.ConcurrentRequests), done));

    public static PolicyKind Ours { get; } = new("Fleet", static (target, done) => new FleetPolicy(target, done));

    /// <summary>The tutorial's way first, ours last.</summary>
    public static IReadOnlyList<PolicyKind> All { get; } =
    [
        Direct,
        new("window 3 / 10 ms", static (target, done) => new WindowPolicy(target, 3, TimeSpan.FromMilliseconds(10), target.Ceiling, done)),
        new("window 8 / 50 ms", static (target, done) => new WindowPolicy(target, 8, TimeSpan.FromMilliseconds(50), target.Ceiling, done)),
        NoDelay,
        Ours,
    ];
}
