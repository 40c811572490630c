namespace Fleet.Storage;

/// <summary>An utterance that a query found.</summary>
/// <param name="Utterance">The utterance.</param>
/// <param name="Snippet">Its whole text in pieces; those that the query matched are marked. Empty without text. Never HTML.</param>
public sealed record HistoryItem(UtteranceRecord Utterance, IReadOnlyList<TextSegment> Snippet);
