using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Supervision;

/// <summary>One process of a local fleet: it can be started (until it answers), watched and stopped.</summary>
internal interface IPart
{
    string Name { get; }

    /// <summary>Names of the parts that must answer before this one is started.</summary>
    IReadOnlyList<string> After { get; }

    /// <summary>True for a part that may be done some day (agents that have played everything): exit code 0 is then no accident.</summary>
    bool MayFinish { get; }

    /// <summary>The process of the last start; null before the first.</summary>
    ChildProcess? Process { get; }

    /// <summary>The file that its output goes to.</summary>
    string LogFile { get; }

    /// <summary>Starts the process, calls <paramref name="onStarted"/> once it has an id, and waits until it answers.</summary>
    /// <exception cref="PartStartException">It ended or did not answer in time; it does not run any more.</exception>
    Task StartAsync(Action onStarted, CancellationToken cancellationToken);

    /// <summary>
    /// Asks it to end and kills it when its time is over, or at once when <paramref name="hurry"/> is cancelled. True when it ended by itself.
    /// </summary>
    Task<bool> StopAsync(CancellationToken hurry);
}
