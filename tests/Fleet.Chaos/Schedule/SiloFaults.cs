namespace Fleet.Chaos.Schedule;

/// <summary>
/// What happens to the machines of a cluster and nothing else: a silo is killed every twenty seconds, between two kills another one is frozen or PostgreSQL
/// is shut down or its network to the others breaks, and at the end all silos are restarted in turn.
/// </summary>
internal static class SiloFaults
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan _quietStart = TimeSpan.FromSeconds(6);

    // A killed silo is started again at once or some seconds later; a frozen one is back before its next kill.
    private const double LongestAwaySeconds = 6;
    private const double LongestFreezeSeconds = 8;

    // What happens between two kills, in turn.
    private static readonly (FaultKind Kind, FaultTarget Target)[] _turns =
    [
        (FaultKind.Freeze, FaultTarget.Silo), (FaultKind.Cut, FaultTarget.SiloLink), (FaultKind.ImmediateShutdown, FaultTarget.Postgres),
        (FaultKind.Freeze, FaultTarget.Silo), (FaultKind.Stall, FaultTarget.SiloLink), (FaultKind.Swallow, FaultTarget.SiloLink),
    ];

    /// <param name="seed">The same one makes the same schedule.</param>
    /// <param name="length">How long silos are killed; the rolling restart comes then.</param>
    /// <param name="silos">Silos of the cluster, at least two.</param>
    /// <param name="rollFirst">The rolling restart comes before the kills: an upgrade.</param>
    public static IReadOnlyList<Fault> Create(ulong seed, TimeSpan length, int silos, bool rollFirst = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(silos, 2);
        var random = new SeededRandom(seed);
        var faults = new List<Fault>();
        var turn = 0;
        var roll = new Fault(_quietStart, FaultKind.Roll, FaultTarget.Silo, 0, _between * silos, 0);
        var start = _quietStart;
        if (rollFirst)
        {
            faults.Add(roll);
            start += roll.Duration + _between;
        }

        for (var at = start; at < length; at += _between)
        {
            var killed = random.Below(silos);
            faults.Add(new Fault(at, FaultKind.Kill, FaultTarget.Silo, killed, Seconds(random.Between(0, LongestAwaySeconds)), 0));
            var other = (killed + 1 + random.Below(silos - 1)) % silos;
            var (kind, target) = _turns[turn++ % _turns.Length];
            faults.Add(new Fault(at + (_between / 2), kind, target, target == FaultTarget.Postgres ? 0 : other, Seconds(random.Between(1, LongestFreezeSeconds)), 0));
        }

        if (!rollFirst)
        {
            faults.Add(roll with { At = length + _between });
        }

        return faults;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
}
