namespace Fleet.Chaos.Schedule;

/// <summary>
/// Which fault hits what and when, from the seed alone. Kinds come out of a bag that is refilled when it is empty, so that each has its turn;
/// faults of different targets overlap, those of one target do not.
/// </summary>
internal static class FaultSchedule
{
    /// <summary>The longest fault. Long enough for every time-out between the parts, short enough that people still speak into it.</summary>
    public static readonly TimeSpan LongestFault = TimeSpan.FromSeconds(20);

    // Somebody must have spoken before the first fault, and a fault at the very end hits nothing.
    private static readonly TimeSpan _quietStart = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan _quietEnd = TimeSpan.FromSeconds(2);

    // Between two faults of one target: time for what it broke to come back.
    private static readonly TimeSpan _recovery = TimeSpan.FromSeconds(3);

    // The silo must start, be found by its agents, and pass the point.
    private static readonly TimeSpan _faultPoint = TimeSpan.FromSeconds(15);

    // What a stop in good order takes as a rule, and a start.
    private static readonly TimeSpan _restart = TimeSpan.FromSeconds(20);

    private const double ShortestGapSeconds = 1;
    private const double LongestGapSeconds = 5;
    private const double ShareOfLongest = 6;
    private const double SlowestDelayMs = 400;

    // A year before there was a Unix clock to set, and what a wrong time zone, a wrong day and a drifting crystal do.
    private static readonly long[] _clockStepsMs =
        [-1_780_000_000_000, -3_600_000, 3_600_000, -86_400_000, 86_400_000, -5_000, 5_000, 400 * 86_400_000L, -700];

    private static readonly (FaultKind Kind, FaultTarget Target)[] _bag =
    [
        (FaultKind.Kill, FaultTarget.Agent), (FaultKind.Kill, FaultTarget.Agent), (FaultKind.Kill, FaultTarget.Silo),
        (FaultKind.Kill, FaultTarget.Scoring), (FaultKind.Kill, FaultTarget.Postgres), (FaultKind.ImmediateShutdown, FaultTarget.Postgres),
        (FaultKind.Freeze, FaultTarget.Agent), (FaultKind.Freeze, FaultTarget.Silo), (FaultKind.Freeze, FaultTarget.Scoring),
        (FaultKind.Freeze, FaultTarget.Postgres), (FaultKind.Cut, FaultTarget.DeviceLink), (FaultKind.Cut, FaultTarget.DatabaseLink),
        (FaultKind.Stall, FaultTarget.DeviceLink), (FaultKind.Stall, FaultTarget.DatabaseLink), (FaultKind.Swallow, FaultTarget.DeviceLink),
        (FaultKind.Swallow, FaultTarget.DatabaseLink), (FaultKind.Delay, FaultTarget.DeviceLink), (FaultKind.Delay, FaultTarget.DatabaseLink),
        (FaultKind.DiskFull, FaultTarget.Agent), (FaultKind.ClockStep, FaultTarget.Agent), (FaultKind.ClockStep, FaultTarget.Agent),
        (FaultKind.FaultPoint, FaultTarget.Silo), (FaultKind.FaultPoint, FaultTarget.Silo),
    ];

    // One silo stopped in good order is in the other tests; of several, the others must take over.
    private static readonly (FaultKind Kind, FaultTarget Target)[] _bagOfACluster =
    [
        .. _bag, (FaultKind.Kill, FaultTarget.Silo), (FaultKind.Kill, FaultTarget.Silo), (FaultKind.Freeze, FaultTarget.Silo),
        (FaultKind.Restart, FaultTarget.Silo), (FaultKind.Restart, FaultTarget.Silo), (FaultKind.Roll, FaultTarget.Silo),
        (FaultKind.Cut, FaultTarget.SiloLink), (FaultKind.Stall, FaultTarget.SiloLink), (FaultKind.Swallow, FaultTarget.SiloLink), (FaultKind.Delay, FaultTarget.SiloLink),
    ];

    /// <param name="seed">The same one makes the same schedule.</param>
    /// <param name="length">How long faults go on.</param>
    /// <param name="agents">Agent processes; the first has the small disk.</param>
    /// <param name="silos">Silos of the cluster; 1 = an embedded one.</param>
    public static IReadOnlyList<Fault> Create(ulong seed, TimeSpan length, int agents, int silos = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(agents);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(silos);
        var random = new SeededRandom(seed);
        var longest = TimeSpan.FromSeconds(Math.Min(LongestFault.TotalSeconds, length.TotalSeconds / ShareOfLongest));
        var faults = new List<Fault>();
        var free = new Dictionary<(FaultTarget, int), TimeSpan>();
        var bag = new List<(FaultKind, FaultTarget)>();
        for (var at = _quietStart; at < length - _quietEnd; at += TimeSpan.FromSeconds(random.Between(ShortestGapSeconds, LongestGapSeconds)))
        {
            if (bag.Count == 0)
            {
                bag.AddRange(silos > 1 ? _bagOfACluster : _bag);
                random.Shuffle(bag);
            }

            // The first in the bag whose target is whole at that time.
            for (var i = bag.Count - 1; i >= 0; i--)
            {
                var fault = Draw(bag[i].Item1, bag[i].Item2, at, longest, agents, silos, random);
                var occupied = Occupied(fault, silos);
                if (occupied.All(target => !free.TryGetValue(target, out var from) || from <= at))
                {
                    bag.RemoveAt(i);
                    occupied.ForEach(target => free[target] = at + fault.Duration + _recovery);
                    faults.Add(fault);
                    break;
                }
            }
        }

        return faults;
    }

    /// <summary>A silo passes its point only while all that it needs is whole.</summary>
    private static List<(FaultTarget, int)> Occupied(Fault fault, int silos) => fault.Kind switch
    {
        FaultKind.FaultPoint =>
        [
            .. Enum.GetValues<FaultTarget>().Where(target => target != FaultTarget.Agent)
                .SelectMany(target => Enumerable.Range(0, IsOfASilo(target) ? silos : 1).Select(index => (target, index))),
        ],
        FaultKind.Roll => [.. Enumerable.Range(0, silos).Select(index => (FaultTarget.Silo, index))],
        _ => [(fault.Target, fault.Index)],
    };

    private static bool IsOfASilo(FaultTarget target) => target is FaultTarget.Silo or FaultTarget.DeviceLink or FaultTarget.SiloLink;

    private static Fault Draw(FaultKind kind, FaultTarget target, TimeSpan at, TimeSpan longest, int agents, int silos, SeededRandom random)
    {
        var index = target switch
        {
            FaultTarget.Agent when kind != FaultKind.DiskFull => random.Below(agents),
            _ when IsOfASilo(target) && silos > 1 && kind != FaultKind.Roll => random.Below(silos),
            _ => 0,
        };
        // Short ones as often as long ones: a race needs the one, a time-out the other.
        var seconds = random.Below(2) == 0 ? random.Between(0, Math.Min(2, longest.TotalSeconds)) : random.Between(0, longest.TotalSeconds);
        var value = kind switch
        {
            FaultKind.ClockStep => _clockStepsMs[random.Below(_clockStepsMs.Length)],
            FaultKind.Delay => (long)random.Between(20, SlowestDelayMs),
            FaultKind.FaultPoint => random.Below(1 << 16),
            _ => 0,
        };
        var duration = kind switch
        {
            FaultKind.FaultPoint => _faultPoint,
            FaultKind.Restart => _restart,
            FaultKind.Roll => _restart * silos,
            _ => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)),
        };
        return new Fault(at, kind, target, index, duration, value);
    }
}
