using System.Threading.Channels;
using Fleet.Storage;

namespace Fleet.IntegrationTests.Storage;

/// <summary>Takes what WatchAsync gives as fast as it comes.</summary>
internal sealed class FeedWatcher : IAsyncDisposable
{
    // Transactions of other tests on the same server hold the feed back, some of them for half a minute; the slow read comes after a whole one.
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<IReadOnlyList<UtteranceChange>> _batches = Channel.CreateBounded<IReadOnlyList<UtteranceChange>>(1_000);

    private FeedWatcher(ChangeFeed feed, FeedPosition from)
    {
        Ended = Task.Run(() => RunAsync(feed, from));
    }

    public Task Ended { get; }

    public static FeedWatcher Start(ChangeFeed feed, FeedPosition from) => new(feed, from);

    public async Task<IReadOnlyList<UtteranceChange>> NextBatchAsync() =>
        await _batches.Reader.ReadAsync().AsTask().WaitAsync(_deadline);

    /// <summary>The next change, which must be one of this utterance.</summary>
    public async Task<UtteranceChange> NextAsync(UtteranceKey key)
    {
        UtteranceChange change = (await NextBatchAsync()).ShouldHaveSingleItem();
        change.Key.ShouldBe(key);
        return change;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(ChangeFeed feed, FeedPosition from)
    {
        try
        {
            await foreach (IReadOnlyList<UtteranceChange> batch in feed.WatchAsync(from, _stop.Token))
            {
                batch.ShouldNotBeEmpty();
                await _batches.Writer.WriteAsync(batch, _stop.Token);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            _batches.Writer.Complete(exception);
            throw;
        }
    }
}
