using Kind = Fleet.V1.IdentityConflict.Types.Kind;

namespace Fleet.Storage;

/// <summary>A machine that was refused since another one speaks under its name.</summary>
/// <param name="DeviceId">The name.</param>
/// <param name="Kind">Another install, or a copy of the install.</param>
/// <param name="InstallId">Of the machine that was refused.</param>
/// <param name="BootId">Its start, as of the last time.</param>
/// <param name="AgentVersion">As of the last time.</param>
/// <param name="Peer">Where it called from the last time.</param>
/// <param name="FirstSeen">When it was first refused.</param>
/// <param name="LastSeen">When it was last refused.</param>
/// <param name="Attempts">How often it was refused.</param>
public sealed record IdentityConflict(
    string DeviceId,
    Kind Kind,
    Guid InstallId,
    Guid BootId,
    string AgentVersion,
    string Peer,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    long Attempts);
