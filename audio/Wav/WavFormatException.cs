namespace Fleet.Audio;

/// <summary>A file is not a WAV file that Fleet reads, or is damaged; the message names the file, what is wrong and what to do.</summary>
public sealed class WavFormatException : Exception
{
    /// <summary>Creates the exception with the whole sentence that the user sees.</summary>
    public WavFormatException(string message)
        : base(message)
    {
    }
}
