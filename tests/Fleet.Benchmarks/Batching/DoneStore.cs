using Fleet.Silo.Ingest;
using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Benchmarks.Batching;

/// <summary>Stands for the database: a transcript that reaches it is stored.</summary>
internal sealed class DoneStore(Action<Guid, bool> done) : IUtteranceStore
{
    public Task<IReadOnlyList<bool>> CompleteAsync(IReadOnlyList<TranscriptResult> results, CancellationToken cancellationToken)
    {
        foreach (var result in results)
        {
            done(result.Key.UtteranceId, result.Status != UtteranceStatus.Failed);
        }

        // Nobody is told: the devices are no part of this.
        return Task.FromResult<IReadOnlyList<bool>>(new bool[results.Count]);
    }

    public Task<IReadOnlyList<StoreResult>> StoreAsync(IReadOnlyList<NewUtterance> utterances, long ownerEpoch, CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<StoreResult>> StoreLossesAsync(IReadOnlyList<NewLoss> losses, CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlySet<Guid>> FindStoredAsync(string deviceId, IReadOnlyList<Guid> utteranceIds, CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<ClaimedUtterance>> ClaimAsync(long ownerEpoch, int max, CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<OwnedUtterance>> ListOwnedAsync(long ownerEpoch, int max, CancellationToken cancellationToken) => throw Unused();

    public Task ReleaseAsync(long ownerEpoch, IReadOnlyList<UtteranceKey> keys, CancellationToken cancellationToken) => throw Unused();

    public Task ReleaseAllAsync(long ownerEpoch, CancellationToken cancellationToken) => throw Unused();

    private static InvalidOperationException Unused() => new("The transcriber alone does not ask for that.");
}
