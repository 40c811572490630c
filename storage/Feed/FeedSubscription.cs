using System.Threading.Channels;

namespace Fleet.Storage;

/// <summary>
/// One watcher's share of the live feed. Its buffer is bounded: when a slow watcher lets it fill up, the subscription ends and the watcher
/// reads from the table where it left off.
/// </summary>
internal sealed class FeedSubscription
{
    private const int BufferedBatches = 16;

    // TryWrite only: a full buffer ends the subscription, it never blocks the pump.
    private readonly Channel<IReadOnlyList<UtteranceChange>> _batches = Channel.CreateBounded<IReadOnlyList<UtteranceChange>>(
        new BoundedChannelOptions(BufferedBatches) { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Every change that is not in the table by now will come through <see cref="Batches"/>.</summary>
    public Task Joined => _joined.Task;

    public ChannelReader<IReadOnlyList<UtteranceChange>> Batches => _batches.Reader;

    public void Join() => _joined.TrySetResult();

    public bool TryPublish(IReadOnlyList<UtteranceChange> batch) => _batches.Writer.TryWrite(batch);

    public void End()
    {
        _joined.TrySetResult();
        _batches.Writer.TryComplete();
    }
}
