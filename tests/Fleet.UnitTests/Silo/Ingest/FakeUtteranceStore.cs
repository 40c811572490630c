using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.Silo.Ingest;
using Fleet.Storage;

namespace Fleet.UnitTests.Silo.Ingest;

/// <summary>A database that is away when told to, and can be held in the middle of a transaction.</summary>
internal sealed class FakeUtteranceStore : IUtteranceStore
{
    private int _failures;

    public ConcurrentQueue<IReadOnlyList<NewUtterance>> Groups { get; } = new();

    public Channel<TranscriptResult> Completed { get; } = Channel.CreateBounded<TranscriptResult>(1_024);

    public ConcurrentQueue<UtteranceKey> Released { get; } = new();

    public Func<NewUtterance, StoreResult> Decide { get; set; } = _ => new StoreResult(StoreOutcome.Stored, Attempt: 1);

    /// <summary>Each transaction waits for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public void FailNext(int times) => Volatile.Write(ref _failures, times);

    public async Task<IReadOnlyList<StoreResult>> StoreAsync(
        IReadOnlyList<NewUtterance> utterances, long ownerEpoch, CancellationToken cancellationToken)
    {
        Groups.Enqueue([.. utterances]);
        await Gate.WaitAsync(cancellationToken);
        return Interlocked.Decrement(ref _failures) >= 0
            ? throw new StorageUnavailableException("away", new TimeoutException())
            : [.. utterances.Select(Decide)];
    }

    public ConcurrentQueue<IReadOnlyList<NewLoss>> Losses { get; } = new();

    public async Task<IReadOnlyList<StoreResult>> StoreLossesAsync(IReadOnlyList<NewLoss> losses, CancellationToken cancellationToken)
    {
        Losses.Enqueue([.. losses]);
        await Gate.WaitAsync(cancellationToken);
        return Interlocked.Decrement(ref _failures) >= 0
            ? throw new StorageUnavailableException("away", new TimeoutException())
            : [.. losses.Select(_ => new StoreResult(StoreOutcome.Stored))];
    }

    public Task<IReadOnlySet<Guid>> FindStoredAsync(string deviceId, IReadOnlyList<Guid> utteranceIds, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<Guid>>(new HashSet<Guid>());

    public Task<IReadOnlyList<bool>> CompleteAsync(IReadOnlyList<TranscriptResult> results, CancellationToken cancellationToken)
    {
        foreach (var result in results)
        {
            Completed.Writer.TryWrite(result);
        }

        return Task.FromResult<IReadOnlyList<bool>>([.. results.Select(_ => true)]);
    }

    public Task<IReadOnlyList<ClaimedUtterance>> ClaimAsync(long ownerEpoch, int max, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ClaimedUtterance>>([]);

    public IReadOnlyList<OwnedUtterance> Owned { get; set; } = [];

    public Task<IReadOnlyList<OwnedUtterance>> ListOwnedAsync(long ownerEpoch, int max, CancellationToken cancellationToken) => Task.FromResult(Owned);

    public Task ReleaseAsync(long ownerEpoch, IReadOnlyList<UtteranceKey> keys, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            Released.Enqueue(key);
        }

        return Task.CompletedTask;
    }

    public Task ReleaseAllAsync(long ownerEpoch, CancellationToken cancellationToken) => Task.CompletedTask;
}
