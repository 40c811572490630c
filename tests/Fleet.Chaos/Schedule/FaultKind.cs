namespace Fleet.Chaos.Schedule;

/// <summary>What is done to a part or a link.</summary>
internal enum FaultKind
{
    /// <summary>kill -9; started again after the fault's duration.</summary>
    Kill,

    /// <summary>SIGTERM, and started again when it has ended in good order.</summary>
    Restart,

    /// <summary>A restart in good order of every silo, one after the other: an upgrade.</summary>
    Roll,

    /// <summary>PostgreSQL's immediate shutdown: every connection breaks, recovery at the next start.</summary>
    ImmediateShutdown,

    /// <summary>SIGSTOP for the duration, then SIGCONT.</summary>
    Freeze,

    /// <summary>Every connection of a link is reset, and new ones are for the duration.</summary>
    Cut,

    /// <summary>A link stays open and nothing comes through for the duration; then all of it does.</summary>
    Stall,

    /// <summary>A link takes everything and passes nothing on for the duration; then its connections are reset.</summary>
    Swallow,

    /// <summary>A link holds each piece back for a while.</summary>
    Delay,

    /// <summary>The disk of an agent is full for the duration.</summary>
    DiskFull,

    /// <summary>The wall clock of an agent steps and stays there.</summary>
    ClockStep,

    /// <summary>The silo kills itself at a point between two steps (FLEET_FAULT_POINT).</summary>
    FaultPoint,
}
