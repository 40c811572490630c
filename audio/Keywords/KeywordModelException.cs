namespace Fleet.Audio.Keywords;

/// <summary>A keyword model, or what it needs, cannot be used; the message says why and what to do.</summary>
public sealed class KeywordModelException : Exception
{
    /// <summary>Creates the exception with the whole sentence that the user sees.</summary>
    public KeywordModelException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
