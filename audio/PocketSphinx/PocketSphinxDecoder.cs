namespace Fleet.Audio;

/// <summary>PocketSphinx with the English model of Debian's packages. One decoder a thread; about 100 MB each.</summary>
public sealed class PocketSphinxDecoder : IDisposable
{
    private PocketSphinxDecoder()
    {
    }

    /// <summary>Loads the library and the model (about half a second).</summary>
    /// <exception cref="RecogniserUnavailableException">Library or model is missing.</exception>
    public static PocketSphinxDecoder Load(string? modelFolder = null) => throw new NotImplementedException();

    /// <summary>Recognises one whole utterance of 16 kHz mono audio.</summary>
    public Recognition Decode(ReadOnlySpan<short> pcm16k) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
