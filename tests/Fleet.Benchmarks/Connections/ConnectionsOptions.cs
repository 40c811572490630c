namespace Fleet.Benchmarks.Connections;

/// <summary>What a run of the connections benchmark measures.</summary>
internal sealed record ConnectionsOptions
{
    private const int QuickConnections = 1_000;
    private const int DefaultConnections = 10_000;

    public required int Connections { get; init; }

    /// <summary>How long the full silo is watched.</summary>
    public required TimeSpan Watch { get; init; }

    public required bool Tls { get; init; }

    public required IReadOnlyList<string> SiloOptions { get; init; }

    public static ConnectionsOptions Parse(string[] args)
    {
        var arguments = Arguments.Parse(args);
        var quick = arguments.Has("--quick");
        ConnectionsOptions options = new()
        {
            Connections = (int)(arguments.Number("--connections") ?? (quick ? QuickConnections : DefaultConnections)),
            Watch = TimeSpan.FromSeconds(arguments.Number("--seconds") ?? (quick ? 20 : 60)),
            Tls = !arguments.Has("--plaintext"),
            SiloOptions = arguments.All("--silo"),
        };

        // Each end of a connection is a file; one address has 28,000 ports for those who call.
        return options switch
        {
            { Connections: < 10 or > 25_000 } => throw new UsageException($"--connections is {options.Connections}; it must be 10 to 25000."),
            { Watch.TotalSeconds: < 15 or > 600 } => throw new UsageException($"--seconds is {options.Watch.TotalSeconds}; it must be 15 to 600, since heartbeats come every 15 s."),
            _ => options,
        };
    }
}
