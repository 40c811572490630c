namespace Fleet.Storage;

/// <summary>One of <see cref="SessionOpened"/>, <see cref="HeldByOtherInstall"/> and <see cref="CopiedInstall"/>.</summary>
public abstract record OpenSessionResult;

/// <summary>The session is open; sessions of the device with a lower epoch can no longer write.</summary>
/// <param name="Epoch">Epoch of this session.</param>
/// <param name="ServerTime">The database's clock.</param>
/// <param name="NewDevice">The device was never seen before.</param>
/// <param name="LastSequenceNumber">The highest sequence number stored for the install; 0 = none.</param>
public sealed record SessionOpened(long Epoch, DateTimeOffset ServerTime, bool NewDevice, long LastSequenceNumber) : OpenSessionResult;

/// <summary>Another install has this device id; nothing was changed but the list of identity conflicts.</summary>
/// <param name="InstallId">The install that holds it.</param>
/// <param name="LastSeen">When that install was last seen.</param>
public sealed record HeldByOtherInstall(Guid InstallId, DateTimeOffset LastSeen) : OpenSessionResult;

/// <summary>
/// This start of the agent was seen before, and a newer one of the same install has come since: two machines run with one state folder. The
/// newer one stays; nothing was changed but the list of identity conflicts.
/// </summary>
/// <param name="InstallId">The install that both say they are.</param>
/// <param name="LastSeen">When the device was last seen.</param>
public sealed record CopiedInstall(Guid InstallId, DateTimeOffset LastSeen) : OpenSessionResult;
