namespace Fleet.Storage;

/// <summary>Writes utterances and what becomes of them. Every method throws <see cref="StorageUnavailableException"/> when it is to be tried again.</summary>
public sealed class UtteranceStore(FleetDatabase database)
{
    /// <summary>Longest transcript that is kept, in UTF-16 units; the rest is cut off.</summary>
    public const int MaxTextLength = 16_384;

    /// <summary>Stores a group in one transaction; the results are in the order of the utterances.</summary>
    /// <param name="utterances">The group; keep it below 256 MB of audio.</param>
    /// <param name="ownerEpoch">The silo that will transcribe them.</param>
    /// <param name="cancellationToken">Ends the call; what was to be written may have been written.</param>
    public Task<IReadOnlyList<StoreResult>> StoreAsync(
        IReadOnlyList<NewUtterance> utterances, long ownerEpoch, CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());

    /// <summary>Writes results; for each whether it was written. One whose owner or attempt is not the row's any more is not.</summary>
    public Task<IReadOnlyList<bool>> CompleteAsync(IReadOnlyList<TranscriptResult> results, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Takes over stored utterances that nobody works on: without owner, or whose owner's lease has ended. Oldest first. Empty when the lease of <paramref name="ownerEpoch"/> itself has ended.</summary>
    public Task<IReadOnlyList<ClaimedUtterance>> ClaimAsync(long ownerEpoch, int max, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Gives everything back that a silo owns and has not completed; how many. For a graceful stop.</summary>
    public Task<int> ReleaseAsync(long ownerEpoch, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Gives some of it back, such as what a full queue did not take; how many.</summary>
    public Task<int> ReleaseAsync(long ownerEpoch, IReadOnlyList<UtteranceKey> keys, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
