namespace Fleet.Silo.Transcription;

/// <summary>A batch is full at the first of these; one utterance alone may exceed them.</summary>
/// <param name="Utterances">In one call.</param>
/// <param name="AudioSeconds">In one call.</param>
/// <param name="RequestBytes">Of its body.</param>
internal readonly record struct BatchBounds(int Utterances, double AudioSeconds, long RequestBytes)
{
    /// <summary>Calls are expected to take no longer, as far as their cost is known.</summary>
    public TimeSpan LongestCall { get; init; } = TimeSpan.MaxValue;
}
