using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <inheritdoc/>
internal sealed class PostgresUtteranceStore(UtteranceStore store) : IUtteranceStore
{
    public Task<IReadOnlyList<StoreResult>> StoreAsync(IReadOnlyList<NewUtterance> utterances, long ownerEpoch, CancellationToken cancellationToken) =>
        store.StoreAsync(utterances, ownerEpoch, cancellationToken);

    public Task<IReadOnlyList<StoreResult>> StoreLossesAsync(IReadOnlyList<NewLoss> losses, CancellationToken cancellationToken) =>
        store.StoreLossesAsync(losses, cancellationToken);

    public Task<IReadOnlySet<Guid>> FindStoredAsync(string deviceId, IReadOnlyList<Guid> utteranceIds, CancellationToken cancellationToken) =>
        store.FindStoredAsync(deviceId, utteranceIds, cancellationToken);

    public Task<IReadOnlyList<bool>> CompleteAsync(IReadOnlyList<TranscriptResult> results, CancellationToken cancellationToken) =>
        store.CompleteAsync(results, cancellationToken);

    public Task<IReadOnlyList<ClaimedUtterance>> ClaimAsync(long ownerEpoch, int max, CancellationToken cancellationToken) =>
        store.ClaimAsync(ownerEpoch, max, cancellationToken);

    public Task<IReadOnlyList<OwnedUtterance>> ListOwnedAsync(long ownerEpoch, int max, CancellationToken cancellationToken) =>
        store.ListOwnedAsync(ownerEpoch, max, cancellationToken);

    public Task ReleaseAsync(long ownerEpoch, IReadOnlyList<UtteranceKey> keys, CancellationToken cancellationToken) =>
        store.ReleaseAsync(ownerEpoch, keys, cancellationToken);

    public Task ReleaseAllAsync(long ownerEpoch, CancellationToken cancellationToken) => store.ReleaseAsync(ownerEpoch, cancellationToken);
}
