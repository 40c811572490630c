namespace Fleet.Cli.Local.Supervision;

/// <summary>How a supervisor starts parts again that died.</summary>
internal sealed record SupervisorOptions
{
    /// <summary>Wait before the first new start; it doubles with each failure.</summary>
    public TimeSpan FirstBackoff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A part that has run this long is taken for healthy: its next back-off starts small again.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromSeconds(60);
}
