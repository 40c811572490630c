namespace Fleet.Audio;

/// <summary>What a recogniser heard.</summary>
/// <param name="Text">The words exactly as the recogniser gives them; empty when it heard none.</param>
/// <param name="Confidence">0 to 1, or null when the recogniser has no measure.</param>
/// <param name="Duration">Length of the audio.</param>
public sealed record Recognition(string Text, float? Confidence, TimeSpan Duration)
{
    /// <summary>What else it may have been, best first, without <see cref="Text"/>; empty when the recogniser was not asked.</summary>
    public IReadOnlyList<RecognitionAlternative> Alternatives { get; init; } = [];

    /// <summary>The words of <see cref="Text"/> in order; empty when the recogniser has no times.</summary>
    public IReadOnlyList<RecognisedWord> Words { get; init; } = [];
}
