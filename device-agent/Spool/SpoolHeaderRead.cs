namespace Fleet.DeviceAgent.Spool;

/// <summary>What the beginning of a spool file told.</summary>
internal enum SpoolHeaderRead
{
    Valid,

    /// <summary>The agent died while it made the file: no number was used, no audio was written.</summary>
    Torn,

    /// <summary>Somebody or a damaged disk changed it.</summary>
    Corrupt,
}
