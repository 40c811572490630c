namespace Fleet.Storage;

/// <summary>Another text that the recogniser thought possible.</summary>
public sealed record TranscriptAlternative(string Text, float Confidence);
