namespace Fleet.Storage;

/// <summary>A word of a transcript: where in the recording it was said, and how sure the recogniser is.</summary>
public sealed record TranscriptWord(string Word, int StartMs, int EndMs, float Confidence);
