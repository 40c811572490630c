namespace Fleet.DeviceAgent.Endpointing;

/// <summary>Decides which part of the sound is an utterance. Not thread safe.</summary>
internal interface ISegmenter : IDisposable
{
    /// <summary>Samples pushed so far, over all sources.</summary>
    long Position { get; }

    /// <summary>The next samples at 16 kHz.</summary>
    void Push(ReadOnlySpan<short> pcm16k);

    /// <summary>The source is over: an open utterance ends at its last sample, and the next source begins afresh.</summary>
    void EndOfSource();

    /// <summary>The agent stops: an open utterance ends here.</summary>
    void Stop();
}
