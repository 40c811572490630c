namespace Fleet.Contracts.Actors;

/// <summary>Whether an utterance may be sent.</summary>
public enum Admission
{
    /// <summary>Send it.</summary>
    Admitted,

    /// <summary>The device has as many open utterances as it may.</summary>
    TooManyOpen,

    /// <summary>This utterance is open already, or waits for its commit.</summary>
    AlreadyInFlight,

    /// <summary>A newer session of the device has taken over.</summary>
    StaleSession,

    /// <summary>The actor was activated after the session was opened: resume it, then ask again.</summary>
    UnknownSession,

    /// <summary>The actor cannot be asked now; try again later.</summary>
    Unavailable,
}
