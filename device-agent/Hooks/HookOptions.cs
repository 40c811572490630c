namespace Fleet.DeviceAgent.Hooks;

/// <summary>Commands that the agent runs, so that a light or a chime can tell people that they are recorded.</summary>
internal sealed record HookOptions
{
    /// <summary>What to run for which event, by the shell; events without a command are left out.</summary>
    public IReadOnlyDictionary<HookEvent, string> Commands { get; init; } = new Dictionary<HookEvent, string>();

    /// <summary>A command that runs for longer is killed. 1 to 300 s, default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
