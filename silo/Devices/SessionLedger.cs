using Fleet.Contracts.Actors;
using Fleet.Storage;

namespace Fleet.Silo.Devices;

/// <inheritdoc/>
internal sealed class SessionLedger(DeviceStore devices) : ISessionLedger
{
    public async ValueTask<SessionOpening> OpenAsync(string deviceId, SessionRequest request)
    {
        try
        {
            return await devices.OpenSessionAsync(deviceId, request.InstallId, request.BootId, request.AgentVersion, request.Peer) switch
            {
                SessionOpened opened => SessionOpening.Opened(opened.Epoch, settingsVersion: 0),
                HeldByOtherInstall held => SessionOpening.Refused(
                    SessionOpeningStatus.HeldByOtherInstall,
                    $"Device id {deviceId} belongs to another install ({held.InstallId}, last seen {held.LastSeen:u}); give this device an id of its own."),
                CopiedInstall copied => SessionOpening.Refused(
                    SessionOpeningStatus.CopiedInstall,
                    $"Another machine runs with a copy of this install of device {deviceId} ({copied.InstallId}) and has started after this one; "
                    + "stop one of the two and give it a state folder and a device id of its own."),
                var other => throw new InvalidOperationException($"Unexpected answer {other.GetType().Name}."),
            };
        }
        catch (StorageUnavailableException exception)
        {
            return SessionOpening.Refused(SessionOpeningStatus.Unavailable, exception.Message);
        }
    }

    public async ValueTask<SessionStanding> FindStandingAsync(string deviceId, long sessionEpoch)
    {
        try
        {
            return await devices.GetAsync(deviceId) is { } device && device.SessionEpoch == sessionEpoch
                ? SessionStanding.Current
                : SessionStanding.Superseded;
        }
        catch (StorageUnavailableException)
        {
            return SessionStanding.Unavailable;
        }
    }
}
