namespace Fleet.Storage;

/// <summary>An utterance that a query found.</summary>
/// <param name="Utterance">The utterance.</param>
/// <param name="Snippet">Its whole text in pieces; those that the query's words matched are marked. Empty when there is no text. Never HTML.</param>
public sealed record HistoryItem(UtteranceRecord Utterance, IReadOnlyList<TextSegment> Snippet);
