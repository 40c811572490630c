namespace Fleet.Silo.Devices;

/// <summary>Bounds of the protocol that the actor keeps.</summary>
internal static class DeviceLimits
{
    /// <summary>Most utterances that a device may be sending at a time: device_ingest.proto, UtteranceStart.</summary>
    public const int OpenUtterances = 8;
}
