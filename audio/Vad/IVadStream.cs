namespace Fleet.Audio;

/// <summary>Voice activity detection over one stream of audio: keeps the state that belongs to this stream. Not thread safe.</summary>
#pragma warning disable CA1711 // The name says what it is: the detector's view of one stream of audio; no System.IO.Stream is meant.
public interface IVadStream : IDisposable
{
    /// <summary>Takes the next 512 samples (32 ms at 16 kHz) and returns the probability (0 to 1) that somebody speaks in them.</summary>
    float Push(ReadOnlySpan<short> frame512);

    /// <summary>Forgets everything heard so far, as if the stream began anew.</summary>
    void Reset();
}
#pragma warning restore CA1711
