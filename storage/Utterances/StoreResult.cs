namespace Fleet.Storage;

/// <summary>The answer to one <see cref="NewUtterance"/>.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Attempt">
/// The attempt to give to <see cref="UtteranceStore.CompleteAsync"/> when the caller has the job of transcribing it; 0 when it has not. The
/// caller has the job of what it stored, and of a duplicate that still waits and belongs to it: so it is when the connection broke after
/// the commit and the group was sent again.
/// </param>
/// <param name="Message">With <see cref="StoreOutcome.Failed"/>: why, for people.</param>
public readonly record struct StoreResult(StoreOutcome Outcome, int Attempt = 0, string? Message = null)
{
    /// <summary>The caller is to transcribe it (or already does, if it stored it before).</summary>
    public bool OwnedByCaller => Attempt > 0;
}
