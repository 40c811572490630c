namespace Fleet.DeviceAgent.Uplink;

/// <summary>Why a call could not be opened or ended.</summary>
internal enum IngestFault
{
    /// <summary>The link, the silo or its database is away: it comes back by itself.</summary>
    Unavailable,

    /// <summary>The join key is wrong, missing or unreadable.</summary>
    Unauthenticated,

    /// <summary>Agent and cluster speak different versions of the protocol.</summary>
    IncompatibleVersion,

    /// <summary>Another install holds the device id.</summary>
    DeviceIdTaken,

    /// <summary>A newer session of this install took over.</summary>
    TakenOver,

    /// <summary>The cluster says that the agent broke the protocol.</summary>
    ProtocolBroken,
}
