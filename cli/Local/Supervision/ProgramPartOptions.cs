using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Supervision;

/// <summary>How one program of a local fleet is started, probed and stopped.</summary>
internal sealed record ProgramPartOptions
{
    public required string Name { get; init; }

    public required ChildProcessOptions Command { get; init; }

    public required string LogFile { get; init; }

    public IReadOnlyList<string> After { get; init; } = [];

    public bool MayFinish { get; init; }

    /// <summary>True once the program answers. May fail in any way until then.</summary>
    public required Func<CancellationToken, Task<bool>> Probe { get; init; }

    /// <summary>How long it may take until it answers.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    public UnixSignal StopSignal { get; init; } = UnixSignal.Terminate;

    /// <summary>How long it may take to end after the signal before its process group is killed.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
