using Fleet.Storage;

namespace Fleet.Dashboard.Database;

/// <summary>Knows how the database is: asked every few seconds, so that readiness and the live page can say it without a query each.</summary>
internal sealed partial class DatabaseProbe(DatabaseVersion version, TimeProvider time, ILogger<DatabaseProbe> logger) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private volatile DatabaseState _state;
    private long _since = time.GetTimestamp();

    public DatabaseState State => _state;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, time);
        try
        {
            do
            {
                Set(await CheckAsync(stoppingToken));
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task<DatabaseState> CheckAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await version.CheckAsync(linked.Token) switch
            {
                SchemaState.Ready => DatabaseState.Ready,
                SchemaState.TooNew => DatabaseState.TooNew,
                _ => DatabaseState.Outdated,
            };
        }
        catch (Exception ex) when (!cancellationToken.IsCancellationRequested)
        {
            LogCheckFailed(ex.Message);
            return DatabaseState.Away;
        }
    }

    private void Set(DatabaseState state)
    {
        if (state == _state)
        {
            return;
        }

        // From one kind of not ready to another is still the same wait.
        _since = _state is DatabaseState.Ready ? time.GetTimestamp() : _since;
        _state = state;
        if (state == DatabaseState.Ready)
        {
            LogReady(time.GetElapsedTime(_since));
        }
        else
        {
            LogNotReady(state);
        }
    }
}
