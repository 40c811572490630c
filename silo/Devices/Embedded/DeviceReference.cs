using Fleet.Contracts.Actors;

namespace Fleet.Silo.Devices.Embedded;

/// <summary>What callers hold of a device: finds its mailbox at each call, and again when it was deactivated meanwhile.</summary>
internal sealed class DeviceReference(DeviceDirectory directory, string deviceId) : IDevice
{
    public ValueTask<SessionOpening> OpenSessionAsync(SessionRequest request) => CallAsync(device => device.OpenSessionAsync(request));

    public ValueTask<SessionStanding> ResumeSessionAsync(SessionResumption resumption) => CallAsync(device => device.ResumeSessionAsync(resumption));

    public ValueTask CloseSessionAsync(long sessionEpoch) => CallAsync(device => device.CloseSessionAsync(sessionEpoch));

    public ValueTask InstallReplacedAsync(Guid installId) => CallAsync(device => device.InstallReplacedAsync(installId));

    public ValueTask<Admission> AdmitAsync(long sessionEpoch, Guid utteranceId) => CallAsync(device => device.AdmitAsync(sessionEpoch, utteranceId));

    public ValueTask UtteranceReceivedAsync(long sessionEpoch, Guid utteranceId) =>
        CallAsync(device => device.UtteranceReceivedAsync(sessionEpoch, utteranceId));

    public ValueTask<SessionStanding> UtteranceAnsweredAsync(long sessionEpoch, Guid utteranceId, UtteranceOutcome outcome) =>
        CallAsync(device => device.UtteranceAnsweredAsync(sessionEpoch, utteranceId, outcome));

    public ValueTask<SessionStanding> ReportAsync(long sessionEpoch, DeviceReport report) => CallAsync(device => device.ReportAsync(sessionEpoch, report));

    public ValueTask SettingsAppliedAsync(long sessionEpoch, ulong version, string fault) =>
        CallAsync(device => device.SettingsAppliedAsync(sessionEpoch, version, fault));

    public ValueTask<bool> DeliverTranscriptAsync(TranscriptNotice transcript) => CallAsync(device => device.DeliverTranscriptAsync(transcript));

    public ValueTask<DevicePresence> GetPresenceAsync() => CallAsync(device => device.GetPresenceAsync());

    private async ValueTask<TResult> CallAsync<TResult>(Func<Device, ValueTask<TResult>> call)
    {
        var turn = new Turn<TResult>(call);
        while (!await directory.GetMailbox(deviceId).TryPostAsync(turn))
        {
            // Deactivated between the look-up and the post: the next look-up makes a new one.
            await Task.Yield();
        }

        return await turn.Done;
    }

    private async ValueTask CallAsync(Func<Device, ValueTask> call) => await CallAsync(async device =>
    {
        await call(device);
        return true;
    });
}
