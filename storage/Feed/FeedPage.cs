namespace Fleet.Storage;

/// <summary>What one read of the feed gave.</summary>
/// <param name="Changes">In order.</param>
/// <param name="HeldBack">There is more that is committed, but an older transaction still runs: read again soon.</param>
internal sealed record FeedPage(IReadOnlyList<UtteranceChange> Changes, bool HeldBack);
