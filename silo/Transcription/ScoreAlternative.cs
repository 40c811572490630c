namespace Fleet.Silo.Transcription;

/// <summary>Another text that the engine thought of.</summary>
/// <param name="Text">Of the whole utterance.</param>
/// <param name="Confidence">0 to 1.</param>
internal sealed record ScoreAlternative(string Text, float Confidence);
