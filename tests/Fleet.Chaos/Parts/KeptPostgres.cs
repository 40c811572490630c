using System.Globalization;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Supervision;

namespace Fleet.Chaos.Parts;

/// <summary>The private PostgreSQL server of a run.</summary>
internal sealed class KeptPostgres : IVictim, IAsyncDisposable
{
    private readonly BoundedLog _log;
    private readonly Guardian _guardian;
    private readonly TimeProvider _time;
    private IReadOnlyList<ProcessIdentity> _frozen = [];

    public KeptPostgres(PostgresClusterOptions options, string logFile, Guardian guardian, TimeProvider time)
    {
        _log = new BoundedLog(logFile);
        _guardian = guardian;
        _time = time;
        Cluster = new PostgresCluster(options with { OnLine = line => _log.Write(line.Text) }, timeProvider: time);
    }

    public string Name => "PostgreSQL";

    public PostgresCluster Cluster { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Cluster.StartAsync(() => _guardian.Run(Cluster.Server!.ProcessId), cancellationToken); // called when there is one
    }

    public Task<bool> KillAsync(TimeSpan away, CancellationToken cancellationToken) => AwayAsync(
        () => Cluster.KillAsync(cancellationToken), away, cancellationToken);

    /// <summary>SIGQUIT: no checkpoint, no goodbye; recovery at the next start.</summary>
    public Task<bool> ShutDownAtOnceAsync(TimeSpan away, CancellationToken cancellationToken) => AwayAsync(
        () => Cluster.StopAsync(PostgresStopMode.Immediate, cancellationToken), away, cancellationToken);

    public bool Freeze()
    {
        if (Cluster.Server is not { Exited.IsCompleted: false } server)
        {
            return false;
        }

        // The postmaster first: it starts no more backends. They are in sessions of their own, so each gets its signal.
        server.Signal(UnixSignal.Stop);
        _frozen = ProcessIdentity.ChildrenOf(server.ProcessId);
        foreach (var backend in _frozen)
        {
            LibC.Kill(backend.ProcessId, UnixSignal.Stop);
        }

        return true;
    }

    public void Thaw()
    {
        foreach (var backend in _frozen.Where(backend => backend.IsAlive()))
        {
            LibC.Kill(backend.ProcessId, UnixSignal.Continue);
        }

        _frozen = [];
        Cluster.Server?.Signal(UnixSignal.Continue);
    }

    public async ValueTask DisposeAsync()
    {
        Thaw();
        await Cluster.DisposeAsync();
        _log.Dispose();
    }

    private async Task<bool> AwayAsync(Func<Task> end, TimeSpan away, CancellationToken cancellationToken)
    {
        if (Cluster.Server is not { Exited.IsCompleted: false } server)
        {
            return false;
        }

        await end();
        _guardian.Ended(server.ProcessId);
        _log.Write(string.Create(CultureInfo.InvariantCulture, $"---- away for {away.TotalSeconds:0.0} s ----"));
        await Task.Delay(away, _time, cancellationToken);
        await StartAsync(cancellationToken);
        return true;
    }
}
