namespace Fleet.Storage;

/// <summary>One page of history.</summary>
/// <param name="Items">In the order in which things were said (by utterance id, then device), newest first unless asked otherwise.</param>
/// <param name="NextPageToken">Null on the last page.</param>
public sealed record HistoryPage(IReadOnlyList<HistoryItem> Items, string? NextPageToken);
