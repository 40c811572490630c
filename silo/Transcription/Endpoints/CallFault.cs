namespace Fleet.Silo.Transcription;

/// <summary>Why a call as a whole has no answer, by what is to be done about it.</summary>
internal enum CallFault
{
    None,

    /// <summary>The endpoint refuses the request: an utterance in it, or every request.</summary>
    Refused,

    /// <summary>The body is too large for the endpoint.</summary>
    TooLarge,

    /// <summary>The endpoint failed: by itself, or at an utterance.</summary>
    Failed,

    /// <summary>No answer in time; the endpoint may still be at work on it.</summary>
    TimedOut,

    /// <summary>503: the endpoint has no room, or has fallen over.</summary>
    Unavailable,

    /// <summary>429: more calls than it takes.</summary>
    Busy,

    /// <summary>The endpoint cannot be reached.</summary>
    Unreachable,

    /// <summary>The credential is refused.</summary>
    Credential,

    /// <summary>No deployment takes the call, or it is sent elsewhere: somebody must set something.</summary>
    Misrouted,
}
