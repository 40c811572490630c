using Fleet.Dashboard.Database;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Live;

/// <summary>The process's one watcher of the change feed. Renders each change once and hands its bytes to every viewer.</summary>
internal sealed partial class LiveFeed(
    ChangeFeed changes, LiveRenderer renderer, DatabaseProbe database, IOptions<LiveOptions> options, TimeProvider time, ILogger<LiveFeed> logger)
    : BackgroundService
{
    private static readonly TimeSpan _retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _stateInterval = TimeSpan.FromSeconds(1);

    private readonly LiveOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly HashSet<LiveViewer> _viewers = [];
    private readonly Queue<LiveFrame> _replay = new();
    private FeedPosition? _replayStart;
    private FeedPosition? _position;

    /// <summary>Up to where changes have been handed out; null before the database was ever reached.</summary>
    public FeedPosition? Position
    {
        get
        {
            lock (_lock)
            {
                return _position;
            }
        }
    }

    public int Viewers
    {
        get
        {
            lock (_lock)
            {
                return _viewers.Count;
            }
        }
    }

    public LiveFrame StateFrame => State(database.State);

    /// <summary>Lets a viewer in; null when there are too many. The kept changes are those before the first one in its queue.</summary>
    public LiveSubscription? Subscribe()
    {
        lock (_lock)
        {
            if (_viewers.Count >= _options.MaxViewers)
            {
                return null;
            }

            var viewer = new LiveViewer(_options.QueueLength);
            _viewers.Add(viewer);
            return new LiveSubscription(viewer, _replayStart, [.. _replay]);
        }
    }

    public void Unsubscribe(LiveViewer viewer)
    {
        lock (_lock)
        {
            _viewers.Remove(viewer);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(WatchAsync(stoppingToken), BeatAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program stops.
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        long? failingSince = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var from = Position ?? await BeginAsync(stoppingToken);
                await foreach (var batch in changes.WatchAsync(from, stoppingToken))
                {
                    if (failingSince is { } since)
                    {
                        failingSince = null;
                        LogWatchResumed(time.GetElapsedTime(since));
                    }

                    await PublishAsync(batch);
                }
            }
            catch (Exception ex) when (ex is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                if (failingSince is null)
                {
                    failingSince = time.GetTimestamp(); // Said once, not once a second.
                    LogWatchFailed(ex.Message);
                }

                await Task.Delay(_retry, time, stoppingToken);
            }
        }
    }

    private async Task<FeedPosition> BeginAsync(CancellationToken cancellationToken)
    {
        var now = await changes.CurrentAsync(cancellationToken);
        lock (_lock)
        {
            _position = now;
            _replayStart = now;
        }

        return now;
    }

    private async Task PublishAsync(IReadOnlyList<UtteranceChange> batch)
    {
        foreach (var change in batch)
        {
            LiveFrame frame;
            try
            {
                frame = await renderer.RenderAsync(change);
            }
            catch (Exception ex) when (ex is not OperationCanceledException)
            {
                // One row that cannot be drawn must not stop the page for the others.
                LogRenderFailed(ex, change.Key.DeviceId, change.Key.UtteranceId);
                frame = LiveFrame.Heartbeat with { Position = change.Position };
            }

            Publish(frame);
        }
    }

    private void Publish(LiveFrame frame)
    {
        var slow = 0;
        lock (_lock)
        {
            if (frame.Position is { } position)
            {
                _position = position;
                _replay.Enqueue(frame);
                while (_replay.Count > _options.ReplayLength)
                {
                    _replayStart = _replay.Dequeue().Position;
                }
            }

            slow = _viewers.RemoveWhere(viewer => !viewer.TryPublish(frame));
        }

        if (slow > 0)
        {
            LogSlowViewers(slow);
        }
    }

    private async Task BeatAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_stateInterval, time);
        var lastState = database.State;
        var lastBeat = time.GetUtcNow();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (database.State != lastState)
            {
                lastState = database.State;
                Publish(State(lastState));
            }
            else if (time.GetUtcNow() - lastBeat >= TimeSpan.FromSeconds(_options.HeartbeatSeconds))
            {
                lastBeat = time.GetUtcNow();
                Publish(LiveFrame.Heartbeat);
            }
        }
    }

    private static LiveFrame State(DatabaseState state) =>
        LiveFrame.Named("state", state is DatabaseState.Ready or DatabaseState.Unknown ? "live" : "database-away");
}
