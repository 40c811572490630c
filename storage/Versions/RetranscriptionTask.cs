namespace Fleet.Storage;

/// <summary>An utterance that a run has to recognise.</summary>
/// <param name="Key">The utterance.</param>
/// <param name="IsReady">It has ended; false: it is gone, or waits for another transcript.</param>
/// <param name="Text">What history shows now; null when that is no transcript.</param>
public sealed record RetranscriptionTask(UtteranceKey Key, bool IsReady, string? Text);
