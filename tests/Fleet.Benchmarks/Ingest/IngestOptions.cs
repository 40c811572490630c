namespace Fleet.Benchmarks.Ingest;

/// <summary>What a run of the ingest benchmark measures.</summary>
internal sealed record IngestOptions
{
    private static readonly string[] _parts = ["rate", "lone", "half", "outage"];

    public required int Rounds { get; init; }

    public required TimeSpan Measurement { get; init; }

    public required int AudioBytes { get; init; }

    public required IReadOnlyList<int> Devices { get; init; }

    public required int InFlight { get; init; }

    public required int GroupRows { get; init; }

    public required int LoneUtterances { get; init; }

    public required TimeSpan Outage { get; init; }

    public required int Talkers { get; init; }

    public required IReadOnlyList<string> SiloOptions { get; init; }

    public required IReadOnlyList<string> Parts { get; init; }

    public static IngestOptions Parse(string[] args)
    {
        var arguments = Arguments.Parse(args);
        var quick = arguments.Has("--quick");
        var devices = arguments.All("--devices");
        var parts = arguments.All("--part");
        IngestOptions options = new()
        {
            Rounds = (int)(arguments.Number("--rounds") ?? (quick ? 2 : 5)),
            Measurement = TimeSpan.FromSeconds(arguments.Number("--seconds") ?? (quick ? 1.5 : 4)),
            AudioBytes = 2 * (int)((arguments.Number("--audio-seconds") ?? 3) * DeviceAudio.BytesPerSecond / 2),
            Devices = devices.Count > 0 ? [.. devices.Select(ParseCount)] : quick ? [1, 8, 64] : [1, 8, 64, 256],
            InFlight = (int)(arguments.Number("--in-flight") ?? 8),
            GroupRows = (int)(arguments.Number("--group") ?? 64),
            LoneUtterances = (int)(arguments.Number("--lone") ?? (quick ? 60 : 200)),
            Outage = TimeSpan.FromMinutes(arguments.Number("--outage-minutes") ?? (quick ? 0.25 : 5)),
            Talkers = (int)(arguments.Number("--talkers") ?? 200),
            SiloOptions = arguments.All("--silo"),
            Parts = parts.Count > 0 ? parts : quick ? ["rate", "lone", "half"] : _parts,
        };
        options.Check();
        return options;
    }

    public bool Has(string part) => Parts.Contains(part);

    private static int ParseCount(string text) =>
        int.TryParse(text, out var count) ? count : throw new UsageException($"--devices {text} is not a number of devices, such as 64.");

    private void Check()
    {
        if (Parts.FirstOrDefault(part => !_parts.Contains(part)) is { } unknown)
        {
            throw new UsageException($"There is no part '{unknown}': {string.Join(", ", _parts)}.");
        }

        // The bounds keep one measurement within the time that its process is waited for, and a run within a disk.
        (string Name, double Value, double Lowest, double Highest)[] bounds =
        [
            ("--rounds", Rounds, 1, 100), ("--seconds", Measurement.TotalSeconds, 0.1, 8), ("--audio-seconds", (double)AudioBytes / DeviceAudio.BytesPerSecond, 0.1, 60),
            ("--devices", Devices.Min(), 1, 1_000), ("--devices", Devices.Max(), 1, 1_000), ("--in-flight", InFlight, 1, 64), ("--group", GroupRows, 1, 1_000),
            ("--lone", LoneUtterances, 1, 10_000), ("--outage-minutes", Outage.TotalMinutes, 0.05, 60), ("--talkers", Talkers, 1, 1_000),
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
