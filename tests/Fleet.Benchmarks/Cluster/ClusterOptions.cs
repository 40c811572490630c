namespace Fleet.Benchmarks.Cluster;

/// <summary>What a run of the cluster benchmark measures.</summary>
internal sealed record ClusterOptions
{
    private static readonly string[] _parts = ["rate", "roll", "actors"];

    public required int Rounds { get; init; }

    public required TimeSpan Measurement { get; init; }

    public required int MostSilos { get; init; }

    public required int Devices { get; init; }

    public required double Pace { get; init; }

    public required int Actors { get; init; }

    public required IReadOnlyList<string> Parts { get; init; }

    public static ClusterOptions Parse(string[] args)
    {
        var arguments = Arguments.Parse(args);
        var quick = arguments.Has("--quick");
        var parts = arguments.All("--part");
        ClusterOptions options = new()
        {
            Rounds = (int)(arguments.Number("--rounds") ?? (quick ? 1 : 3)),
            Measurement = TimeSpan.FromSeconds(arguments.Number("--seconds") ?? (quick ? 2 : 4)),
            MostSilos = (int)(arguments.Number("--silos") ?? 3),
            Devices = (int)(arguments.Number("--devices") ?? 24),
            Pace = arguments.Number("--pace") ?? 60,
            Actors = (int)(arguments.Number("--actors") ?? (quick ? 4_000 : 100_000)),
            Parts = parts.Count > 0 ? parts : quick ? ["rate"] : _parts,
        };
        options.Check();
        return options;
    }

    public bool Has(string part) => Parts.Contains(part);

    private void Check()
    {
        if (Parts.FirstOrDefault(part => !_parts.Contains(part)) is { } unknown)
        {
            throw new UsageException($"There is no part '{unknown}': {string.Join(", ", _parts)}.");
        }

        (string Name, double Value, double Lowest, double Highest)[] bounds =
        [
            ("--rounds", Rounds, 1, 100), ("--seconds", Measurement.TotalSeconds, 0.5, 8), ("--silos", MostSilos, 1, 9), ("--devices", Devices, 1, 1_000),
            ("--pace", Pace, 1, 1_000), ("--actors", Actors, 100, 1_000_000),
        ];
        foreach (var (name, value, lowest, highest) in bounds)
        {
            if (!(value >= lowest && value <= highest))
            {
                throw new UsageException($"{name} is {value}; it must be {lowest} to {highest}.");
            }
        }
    }
}
