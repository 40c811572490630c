namespace Fleet.Storage;

/// <summary>An utterance that was stored, or whose status or text changed, as it is now.</summary>
/// <param name="Utterance">The utterance.</param>
/// <param name="Position">Where to go on after this change.</param>
public sealed record UtteranceChange(UtteranceRecord Utterance, FeedPosition Position);
