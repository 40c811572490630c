namespace Fleet.Audio;

/// <summary>The model that tells speech from noise cannot be used; the message says why and what to do.</summary>
public sealed class VadUnavailableException : Exception
{
    /// <summary>Creates the exception with the whole sentence that the user sees.</summary>
    public VadUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
