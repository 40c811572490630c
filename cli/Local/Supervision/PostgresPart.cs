using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Supervision;

/// <summary>The private PostgreSQL cluster as a part.</summary>
internal sealed class PostgresPart : IPart, IAsyncDisposable
{
    private readonly BoundedLog _log;

    public PostgresPart(string name, PostgresClusterOptions options, string logFile, TimeProvider timeProvider)
    {
        _log = new BoundedLog(logFile);
        Name = name;
        LogFile = logFile;
        Cluster = new PostgresCluster(options with { OnLine = line => _log.Write(line.Text) }, timeProvider: timeProvider);
    }

    public string Name { get; }

    public IReadOnlyList<string> After => [];

    public bool MayFinish => false;

    public string LogFile { get; }

    public PostgresCluster Cluster { get; }

    public ChildProcess? Process => Cluster.Server;

    public async Task StartAsync(Action onStarted, CancellationToken cancellationToken)
    {
        try
        {
            await Cluster.StartAsync(onStarted, cancellationToken);
        }
        catch (PostgresStartException ex)
        {
            throw new PartStartException(Name, $"{ex.Message}\nLog: {LogFile}");
        }
    }

    public async Task<bool> StopAsync(CancellationToken hurry)
    {
        var inTime = await Cluster.StopAsync(PostgresStopMode.Fast, hurry);
        return inTime && !hurry.IsCancellationRequested;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        _log.Dispose();
    }
}
