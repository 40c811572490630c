namespace Fleet.Contracts.Actors;

/// <summary>What became of a request to open a session.</summary>
public enum SessionOpeningStatus
{
    /// <summary>The session is open.</summary>
    Opened,

    /// <summary>Another install has this device id.</summary>
    HeldByOtherInstall,

    /// <summary>A later start of the same install has the device id: its state folder was copied to another machine.</summary>
    CopiedInstall,

    /// <summary>The database cannot be asked at the moment; try again.</summary>
    Unavailable,
}
