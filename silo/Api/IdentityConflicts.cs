namespace Fleet.Silo.Api;

/// <summary>Refused machines as the fleet API shows them.</summary>
internal static class IdentityConflicts
{
    public static V1.IdentityConflict From(Storage.IdentityConflict conflict) => new()
    {
        DeviceId = conflict.DeviceId,
        Kind = conflict.Kind,
        InstallId = conflict.InstallId.ToString("D"),
        BootId = conflict.BootId.ToString("D"),
        AgentVersion = conflict.AgentVersion,
        Peer = conflict.Peer,
        FirstSeenUnixMs = conflict.FirstSeen.ToUnixTimeMilliseconds(),
        LastSeenUnixMs = conflict.LastSeen.ToUnixTimeMilliseconds(),
        Attempts = (ulong)conflict.Attempts,
    };
}
