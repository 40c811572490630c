using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fleet.Storage;

/// <summary>
/// Every change of an utterance, in an order that skips none. A change may come more than once (after a resume), and of two changes of one
/// utterance in quick succession only the later one may come: what comes is always the utterance as it is then.
/// </summary>
/// <remarks>
/// A transaction that stays open holds the feed back: what commits after it began is only shown once it is over. Transactions that have
/// written nothing hold back nothing.
/// </remarks>
public sealed partial class ChangeFeed : IAsyncDisposable
{
    private readonly FeedReader _reader;
    private readonly FeedPump _pump;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeFeed> _logger;

    public ChangeFeed(FleetDatabase database, TimeProvider time, IOptions<DatabaseOptions> options, ILogger<ChangeFeed> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _time = time;
        _logger = logger;
        _reader = new FeedReader(database);
        _pump = new FeedPump(database, _reader, time, logger, options.Value.FeedReadInterval);
    }

    /// <summary>The position "now": what is committed from here on comes after it (and perhaps a little of what just was).</summary>
    /// <exception cref="StorageUnavailableException">To be tried again.</exception>
    public Task<FeedPosition> CurrentAsync(CancellationToken cancellationToken = default) => _reader.CurrentAsync(cancellationToken);

    /// <summary>The next changes after a position, at most <paramref name="max"/>; empty when there are none yet.</summary>
    /// <exception cref="StorageUnavailableException">To be tried again.</exception>
    public async Task<IReadOnlyList<UtteranceChange>> ReadAsync(FeedPosition after, int max, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return (await _reader.ReadAsync(after, max, cancellationToken)).Changes;
    }

    /// <summary>
    /// Changes from a position on, then live, in batches that are never empty. Waits for a database that is absent or not migrated yet, and
    /// goes on where it was; ends by cancellation or when the feed is disposed. However slowly the caller takes them, memory is bounded.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<UtteranceChange>> WatchAsync(
        FeedPosition from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        FeedPosition position = from;
        while (true)
        {
            // A long way to catch up would only fill the subscription's buffer: first without one, then the rest with it.
            await foreach (IReadOnlyList<UtteranceChange> batch in ReadToEndAsync(position, cancellationToken))
            {
                position = batch[^1].Position;
                yield return batch;
            }

            FeedSubscription subscription = new();
            if (!_pump.TrySubscribe(subscription))
            {
                yield break;
            }

            try
            {
                await subscription.Joined.WaitAsync(cancellationToken);
                await foreach (IReadOnlyList<UtteranceChange> batch in ReadToEndAsync(position, cancellationToken))
                {
                    position = batch[^1].Position;
                    yield return batch;
                }

                await foreach (IReadOnlyList<UtteranceChange> batch in subscription.Batches.ReadAllAsync(cancellationToken))
                {
                    IReadOnlyList<UtteranceChange> unseen = After(batch, position);
                    if (unseen.Count > 0)
                    {
                        position = unseen[^1].Position;
                        yield return unseen;
                    }
                }
            }
            finally
            {
                _pump.Unsubscribe(subscription);
            }
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _pump.DisposeAsync();

    private static IReadOnlyList<UtteranceChange> After(IReadOnlyList<UtteranceChange> batch, FeedPosition position) =>
        batch[0].Position > position ? batch : [.. batch.Where(change => change.Position > position)];

    private async IAsyncEnumerable<IReadOnlyList<UtteranceChange>> ReadToEndAsync(
        FeedPosition position, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Backoff backoff = new(_time);
        FailureSpell failures = new(_time);
        while (true)
        {
            IReadOnlyList<UtteranceChange>? changes = null;
            try
            {
                changes = (await _reader.ReadAsync(position, FeedPump.BatchSize, cancellationToken)).Changes;
                backoff.Reset();
                if (failures.Recover() is { } unread)
                {
                    LogReadResumed(unread);
                }
            }
            catch (Exception) when (_pump.HasEnded)
            {
                // The program stops, and the data source is gone or goes under the read.
                changes = [];
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (failures.Fail())
                {
                    LogReadFailed(DatabaseErrors.IsUnavailable(exception) || exception is StorageUnavailableException ? null : exception, exception.Message);
                }

                await backoff.WaitAsync(cancellationToken);
            }

            if (changes is { Count: 0 })
            {
                yield break; // WatchAsync ends by itself when there is no pump any more
            }

            if (changes is not null)
            {
                position = changes[^1].Position;
                yield return changes;
            }
        }
    }

    [LoggerMessage(3033, LogLevel.Warning, "A watcher could not read the change feed; trying until it can: {Reason}")]
    private partial void LogReadFailed(Exception? exception, string reason);

    [LoggerMessage(3036, LogLevel.Information, "A watcher reads the change feed again after {AwayFor}.")]
    private partial void LogReadResumed(TimeSpan awayFor);
}
