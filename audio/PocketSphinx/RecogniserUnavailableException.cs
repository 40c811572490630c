namespace Fleet.Audio;

/// <summary>The recogniser's library or model is missing or does not load; the message says what to install.</summary>
public sealed class RecogniserUnavailableException : Exception
{
    /// <summary>Creates the exception with the whole sentence that the user sees.</summary>
    public RecogniserUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
