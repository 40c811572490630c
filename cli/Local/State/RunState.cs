namespace Fleet.Cli.Local.State;

/// <summary>Content of run.json: everything that a person or a script needs to reach the fleet that runs, and to end it.</summary>
internal sealed record RunState
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    public required RunPhase State { get; init; }

    /// <summary>`portable`, `full`, or the switches that differ.</summary>
    public required string Flavour { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When every part answered for the first time; null until then.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    public required int Devices { get; init; }

    public required RunAddresses Addresses { get; init; }

    public required RunSignIn SignIn { get; init; }

    public required RunPostgres Postgres { get; init; }

    public required RunCredentialFiles CredentialFiles { get; init; }

    public required RunProcess Launcher { get; init; }

    /// <summary>In the order in which they are stopped.</summary>
    public required IReadOnlyList<RunProcess> Processes { get; init; }

    public required string LogFolder { get; init; }
}
