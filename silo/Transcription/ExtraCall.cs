namespace Fleet.Silo.Transcription;

/// <summary>Why a call is made that would not be needed if all went well.</summary>
internal enum ExtraCall
{
    /// <summary>After a failure; out of the budget.</summary>
    Retry,

    /// <summary>To find the utterance at which a batch fails; counted apart.</summary>
    Split,

    /// <summary>To see whether an endpoint that failed works at all.</summary>
    Canary,
}
