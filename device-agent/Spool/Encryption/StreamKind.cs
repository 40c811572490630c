namespace Fleet.DeviceAgent.Spool.Encryption;

/// <summary>The first byte of the counter: what of a container is encrypted.</summary>
internal enum StreamKind : byte
{
    Audio = 0,
    Start = 1,
    Trailer = 2,
}
