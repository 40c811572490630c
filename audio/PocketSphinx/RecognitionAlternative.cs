namespace Fleet.Audio;

/// <summary>Another text that the recogniser held possible.</summary>
/// <param name="Text">The words.</param>
/// <param name="Confidence">0 to 1; on the scale of <see cref="Recognition.Confidence"/>.</param>
public sealed record RecognitionAlternative(string Text, float Confidence);
