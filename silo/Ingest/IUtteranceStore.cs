using Fleet.Storage;

namespace Fleet.Silo.Ingest;

/// <summary>What the silo writes; a seam, so that the pumps can be tested with a database that fails when told to.</summary>
internal interface IUtteranceStore
{
    Task<IReadOnlyList<StoreResult>> StoreAsync(IReadOnlyList<NewUtterance> utterances, long ownerEpoch, CancellationToken cancellationToken);

    Task<IReadOnlyList<StoreResult>> StoreLossesAsync(IReadOnlyList<NewLoss> losses, CancellationToken cancellationToken);

    Task<IReadOnlySet<Guid>> FindStoredAsync(string deviceId, IReadOnlyList<Guid> utteranceIds, CancellationToken cancellationToken);

    Task<IReadOnlyList<bool>> CompleteAsync(IReadOnlyList<TranscriptResult> results, CancellationToken cancellationToken);

    Task<IReadOnlyList<ClaimedUtterance>> ClaimAsync(long ownerEpoch, int max, CancellationToken cancellationToken);

    Task<IReadOnlyList<OwnedUtterance>> ListOwnedAsync(long ownerEpoch, int max, CancellationToken cancellationToken);

    Task ReleaseAsync(long ownerEpoch, IReadOnlyList<UtteranceKey> keys, CancellationToken cancellationToken);

    Task ReleaseAllAsync(long ownerEpoch, CancellationToken cancellationToken);
}
