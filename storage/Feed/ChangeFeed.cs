namespace Fleet.Storage;

/// <summary>Every change of an utterance in an order that skips none; at least once.</summary>
public sealed class ChangeFeed(FleetDatabase database) : IAsyncDisposable
{
    /// <summary>The position "now": what is committed from here on comes after it (and perhaps a little of what just was).</summary>
    public Task<FeedPosition> CurrentAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());

    /// <summary>The next changes after a position, at most <paramref name="max"/>; empty when there are none yet.</summary>
    public Task<IReadOnlyList<UtteranceChange>> ReadAsync(FeedPosition after, int max, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Changes from a position on, then live, in batches that are never empty. Survives an absent database; ends by cancellation only.</summary>
    public IAsyncEnumerable<IReadOnlyList<UtteranceChange>> WatchAsync(FeedPosition from, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
