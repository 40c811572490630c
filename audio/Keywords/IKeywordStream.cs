namespace Fleet.Audio.Keywords;

/// <summary>A keyword model over one stream of audio. Not thread safe.</summary>
#pragma warning disable CA1711 // The name says what it is: the model's view of one stream of audio; no System.IO.Stream is meant.
public interface IKeywordStream : IDisposable
{
    /// <summary>Samples pushed so far.</summary>
    long Position { get; }

    /// <summary>Takes the next samples of 16 kHz mono audio, in chunks of any size; the listener is called on this thread.</summary>
    /// <exception cref="KeywordModelException">The engine failed; the stream is of no use any more.</exception>
    void Push(ReadOnlySpan<short> samples);

    /// <summary>Looks at what still waits for company: at the end of a source.</summary>
    void Flush();

    /// <summary>Forgets everything heard so far; the count of samples goes on.</summary>
    void Reset();
}
#pragma warning restore CA1711
