namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>What the beginning of a spool file told.</summary>
internal enum SpoolHeaderRead
{
    Valid,

    /// <summary>The file ends within it.</summary>
    Torn,

    /// <summary>Somebody or a damaged disk changed it.</summary>
    Corrupt,

    /// <summary>Its number and id are known; the rest was encrypted with another key than this agent has.</summary>
    OtherKey,
}
