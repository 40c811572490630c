namespace Fleet.Cli.Local.State;

/// <summary>A process of the run.</summary>
/// <param name="Name">Part.</param>
/// <param name="ProcessId">Process id.</param>
/// <param name="ProcessGroupId">Equal to the process id for parts, which lead a group of their own; the launcher is in its shell's.</param>
/// <param name="StartTicks">Start time in clock ticks since boot: tells the process from a later one with the same id.</param>
/// <param name="LogFile">Its output; null for the launcher, which writes to the terminal.</param>
internal sealed record RunProcess(string Name, int ProcessId, int ProcessGroupId, long StartTicks, string? LogFile);
