namespace Fleet.Audio;

/// <summary>Cuts a stream of 16 kHz mono audio into utterances. Deterministic: it counts samples and reads no clock. Not thread safe.</summary>
public sealed class Endpointer
{
    /// <summary>Creates an endpointer over one stream; <paramref name="vad"/> stays the caller's to dispose.</summary>
    public Endpointer(EndpointerOptions options, IVadStream vad, IUtteranceSink sink)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(vad);
        ArgumentNullException.ThrowIfNull(sink);
    }

    /// <summary>Whether an utterance is open.</summary>
    public bool InUtterance { get; private set; }

    /// <summary>Samples pushed so far.</summary>
    public long Position { get; private set; }

    /// <summary>Takes the next samples, in chunks of any size.</summary>
    public void Push(ReadOnlySpan<short> pcm16k)
    {
        Position += pcm16k.Length;
        throw new NotImplementedException();
    }

    /// <summary>Ends the open utterance, if any, exactly at the last sample pushed; the stream goes on.</summary>
    public void Flush(EndpointReason reason)
    {
        InUtterance = false;
        throw new NotImplementedException();
    }

    /// <summary>
    /// The source is over: ends the open utterance exactly at the last sample, nothing padded. Speech that has begun but is still shorter
    /// than <see cref="EndpointerOptions.StartAfterSpeech"/> becomes an utterance, too.
    /// </summary>
    public void EndOfSource() => throw new NotImplementedException();
}
