namespace Fleet.Cli.Local.Supervision;

/// <summary>What a supervisor tells: the terminal and run.json listen.</summary>
internal interface ISupervisorEvents
{
    void Starting(IPart part);

    /// <summary>The process is there and has an id; it does not answer yet.</summary>
    void Started(IPart part);

    void Ready(IPart part, TimeSpan after);

    /// <summary>It had answered and has ended although nobody asked it to.</summary>
    void Died(IPart part, int exitCode, TimeSpan nextStartIn);

    void RestartFailed(IPart part, string reason, TimeSpan nextStartIn);

    /// <summary>It has done its work and ended (<see cref="IPart.MayFinish"/>).</summary>
    void Finished(IPart part);

    void Stopping(IPart part);

    void Stopped(IPart part, bool byItself, TimeSpan after);
}
