namespace Fleet.Audio;

/// <summary>
/// Reads WAV files: 16-bit PCM, 8 to 48 kHz, mono or stereo (mixed down). Anything else, and anything damaged, is a
/// <see cref="WavFormatException"/> that says what to do; damage is never taken for the end of the recording.
/// </summary>
public sealed class WavReader : IDisposable
{
    private WavReader()
    {
    }

    /// <summary>Samples a second.</summary>
    public int SampleRateHz { get; }

    /// <summary>Channels in the file; what is read is mono.</summary>
    public int Channels { get; }

    /// <summary>Opens a file for reading piece by piece.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of the supported kind.</exception>
    public static WavReader Open(string path) => throw new NotImplementedException();

    /// <summary>Reads from a stream; <paramref name="name"/> stands for the file name in errors.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of the supported kind.</exception>
    public static WavReader Open(Stream stream, string name, bool leaveOpen = false) => throw new NotImplementedException();

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of the supported kind, or is damaged.</exception>
    public static WavAudio ReadFile(string path) => throw new NotImplementedException();

    /// <summary>Reads the next mono samples; 0 only at the end of the recording.</summary>
    /// <exception cref="WavFormatException">The file ends before the recording does.</exception>
    public int Read(Span<short> mono) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
