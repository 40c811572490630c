namespace Fleet.Contracts.Actors;

/// <summary>What became of a request to open a session.</summary>
public enum SessionOpeningStatus
{
    /// <summary>The session is open.</summary>
    Opened,

    /// <summary>Another install has this device id.</summary>
    HeldByOtherInstall,

    /// <summary>A copy of this install is the device by now: two machines run with one state folder.</summary>
    CopiedInstall,

    /// <summary>The database cannot be asked at the moment; try again.</summary>
    Unavailable,
}
