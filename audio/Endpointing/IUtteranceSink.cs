namespace Fleet.Audio;

/// <summary>
/// Receives utterances from an <see cref="Endpointer"/>: one OnStart, any number of OnAudio, one OnEnd; then the next. Calls are made on the
/// thread that pushes audio, and each sample between start and end is delivered exactly once and in order.
/// </summary>
public interface IUtteranceSink
{
    /// <summary>An utterance starts.</summary>
    /// <param name="firstSample">Index of its first sample in the stream, counted from the first sample ever pushed (pre-roll included).</param>
    void OnStart(long firstSample);

    /// <summary>The next samples of the open utterance; the span is valid only during the call.</summary>
    void OnAudio(ReadOnlySpan<short> pcm16k);

    /// <summary>The open utterance has ended.</summary>
    void OnEnd(EndpointReason reason);
}
