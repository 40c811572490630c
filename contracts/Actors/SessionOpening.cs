namespace Fleet.Contracts.Actors;

/// <summary>What became of a request to open a session.</summary>
/// <param name="Status">Opened, or why not.</param>
/// <param name="SessionEpoch">With Opened: grows with every session of the device.</param>
/// <param name="SettingsVersion">Version of the settings that the fleet has for the device; 0 = none.</param>
/// <param name="Reason">For people; empty when opened.</param>
public sealed record SessionOpening(SessionOpeningStatus Status, long SessionEpoch, ulong SettingsVersion, string Reason)
{
    /// <summary>The session is open.</summary>
    public static SessionOpening Opened(long sessionEpoch, ulong settingsVersion) => new(SessionOpeningStatus.Opened, sessionEpoch, settingsVersion, "");

    /// <summary>No session.</summary>
    public static SessionOpening Refused(SessionOpeningStatus status, string reason) => new(status, 0, 0, reason);
}
