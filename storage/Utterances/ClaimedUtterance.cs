namespace Fleet.Storage;

/// <summary>A stored utterance whose transcription is now the caller's job.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="Attempt">To be given back in <see cref="TranscriptResult"/>. Grows with every claim.</param>
/// <param name="StartedAt">When its first sample was recorded.</param>
/// <param name="Duration">Length of the audio.</param>
/// <param name="Audio">The audio; null when it is not kept any more (then only Failed or Lost can be said of it).</param>
public sealed record ClaimedUtterance(UtteranceKey Key, int Attempt, DateTimeOffset StartedAt, TimeSpan Duration, StoredAudio? Audio);
