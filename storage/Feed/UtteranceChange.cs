namespace Fleet.Storage;

/// <summary>An utterance that was stored, whose status or text changed, or that was erased.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Utterance">As it is now; null: it was erased.</param>
/// <param name="Position">Where to go on after this change.</param>
public sealed record UtteranceChange(UtteranceKey Key, UtteranceRecord? Utterance, FeedPosition Position);
