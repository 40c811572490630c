namespace Fleet.Storage;

/// <summary>An install whose numbers are to be compared with the rows.</summary>
/// <param name="DeviceId">Its device.</param>
/// <param name="InstallId">The install.</param>
/// <param name="SettledBelow">Lower numbers are to be compared.</param>
internal sealed record UnreconciledInstall(string DeviceId, Guid InstallId, long SettledBelow);
