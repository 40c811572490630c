using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Storage;

/// <summary>
/// Reads the live end of the feed once for all watchers of the process. It reads when the doorbell rings (LISTEN, on one connection of its
/// own) and every few seconds besides, since a ring can be missed. Sleeps while nobody watches.
/// </summary>
internal sealed partial class FeedPump : IAsyncDisposable
{
    /// <summary>Most changes of one read, and of one batch.</summary>
    public const int BatchSize = 200;

    private static readonly TimeSpan _firstHeldBackWait = TimeSpan.FromMilliseconds(10);

    // However long another transaction was open: what it held back comes this soon after its end.
    private static readonly TimeSpan _longestHeldBackWait = TimeSpan.FromSeconds(1);

    private readonly FleetDatabase _database;
    private readonly FeedReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _readInterval;
    private readonly Doorbell _bell;
    private readonly CancellationTokenSource _stop = new();

    private readonly Lock _lock = new();
    private readonly List<FeedSubscription> _subscriptions = []; // guarded by _lock
    private Task? _run; // guarded by _lock
    private volatile bool _ended; // written under _lock

    public FeedPump(FleetDatabase database, FeedReader reader, TimeProvider time, ILogger logger, TimeSpan readInterval)
    {
        _database = database;
        _reader = reader;
        _time = time;
        _logger = logger;
        _readInterval = readInterval;
        _bell = new Doorbell(time);
    }

    /// <summary>The pump was disposed, and the data source may be by now.</summary>
    public bool HasEnded => _ended;

    /// <summary>False once the pump was disposed.</summary>
    public bool TrySubscribe(FeedSubscription subscription)
    {
        lock (_lock)
        {
            if (_ended)
            {
                return false;
            }

            _subscriptions.Add(subscription);
            _run ??= Task.Run(() => Task.WhenAll(ListenAsync(_stop.Token), PumpAsync(_stop.Token)));
        }

        _bell.Ring();
        return true;
    }

    public void Unsubscribe(FeedSubscription subscription)
    {
        lock (_lock)
        {
            _subscriptions.Remove(subscription);
        }

        subscription.End();
    }

    public async ValueTask DisposeAsync()
    {
        Task? run;
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
            run = _run;
        }

        await _stop.CancelAsync();
        if (run is not null)
        {
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        foreach (FeedSubscription subscription in Subscriptions())
        {
            Unsubscribe(subscription);
        }

        _stop.Dispose();
    }

    private FeedSubscription[] Subscriptions()
    {
        lock (_lock)
        {
            return [.. _subscriptions];
        }
    }

    private async Task PumpAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(_time);
        FailureSpell failures = new(_time);
        FeedPosition? position = null;
        TimeSpan heldBackWait = _firstHeldBackWait;
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                FeedSubscription[] subscriptions = Subscriptions();
                if (subscriptions.Length == 0)
                {
                    position = null;
                    await _bell.WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken);
                    continue;
                }

                position ??= await _reader.CurrentAsync(cancellationToken);
                foreach (FeedSubscription subscription in subscriptions)
                {
                    subscription.Join();
                }

                FeedPage page = await _reader.ReadAsync(position.Value, BatchSize, cancellationToken);
                backoff.Reset();
                if (failures.Recover() is { } unread)
                {
                    LogReadResumed(unread);
                }

                if (page.Changes.Count > 0)
                {
                    position = page.Changes[^1].Position;
                    Publish(page.Changes, subscriptions);
                }

                if (page.Changes.Count < BatchSize)
                {
                    TimeSpan wait = page.HeldBack && heldBackWait < _readInterval ? heldBackWait : _readInterval;
                    bool rung = await _bell.WaitAsync(wait, cancellationToken);
                    heldBackWait = rung || !page.HeldBack ? _firstHeldBackWait : Shorter(wait * 2, _longestHeldBackWait);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (failures.Fail())
                {
                    LogReadFailed(DatabaseErrors.IsUnavailable(exception) || exception is StorageUnavailableException ? null : exception, exception.Message);
                }

                await backoff.WaitAsync(cancellationToken);
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private void Publish(IReadOnlyList<UtteranceChange> changes, FeedSubscription[] subscriptions)
    {
        foreach (FeedSubscription subscription in subscriptions)
        {
            if (!subscription.TryPublish(changes))
            {
                Unsubscribe(subscription);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        Backoff backoff = new(_time);
        FailureSpell failures = new(_time);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await using NpgsqlConnection connection = await _database.DataSource.OpenConnectionAsync(cancellationToken);
                connection.Notification += (_, _) => _bell.Ring();
                await using (NpgsqlCommand command = new("LISTEN fleet_changes", connection))
                {
                    await command.ExecuteNonQueryAsync(cancellationToken);
                }

                // Whatever rang while nobody listened.
                _bell.Ring();
                LogListening();
                if (failures.Recover() is { } deaf)
                {
                    LogListensAgain(deaf);
                }

                backoff.Reset();
                while (true)
                {
                    await connection.WaitAsync(cancellationToken);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (failures.Fail())
                {
                    LogListenFailed(DatabaseErrors.IsUnavailable(exception) || exception is StorageUnavailableException ? null : exception, exception.Message);
                }

                await backoff.WaitAsync(cancellationToken);
            }
        }
    }
}
