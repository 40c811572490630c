namespace Fleet.Storage;

/// <summary>One utterance of a run, with both texts.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="StartedAt">When it was spoken; null when it has expired or was erased.</param>
/// <param name="State">What became of it.</param>
/// <param name="Reason">With Skipped and Failed: why.</param>
/// <param name="OldText">What history showed; null when that was no transcript.</param>
/// <param name="OldDeployment">Who said that.</param>
/// <param name="NewText">What the run made of it; null when nothing (any more).</param>
/// <param name="NewConfidence">0 to 1, when the engine gives one.</param>
public sealed record RetranscriptionItem(
    UtteranceKey Key, DateTimeOffset? StartedAt, RetranscriptionItemState State, string? Reason, string? OldText, string? OldDeployment, string? NewText,
    float? NewConfidence);
