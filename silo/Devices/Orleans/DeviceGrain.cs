using Fleet.Contracts.Actors;
using Fleet.Contracts.Orleans;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>The device's actor as a grain, on the silo that called it first: where the stream is, as a rule. The rules are <see cref="Device"/>'s.</summary>
[PreferLocalPlacement, GrainType("device")]
internal sealed class DeviceGrain(IGrainContext context, ISessionLedger ledger, ISessionDownlink downlink, LocalDevices local, TimeProvider time)
    : Grain, IDeviceGrain
{
    private readonly string _deviceId = context.GrainId.Key.ToString()!; // a grain has a key
    private readonly Device _device = new(context.GrainId.Key.ToString()!, ledger, downlink, time); // likewise

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        local.Add(_deviceId, this);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove(_deviceId, this);
        return Task.CompletedTask;
    }

    public ValueTask<SessionOpening> OpenSessionAsync(SessionRequest request) => _device.OpenSessionAsync(request);

    public ValueTask<SessionStanding> ResumeSessionAsync(SessionResumption resumption) => _device.ResumeSessionAsync(resumption);

    public ValueTask CloseSessionAsync(long sessionEpoch) => _device.CloseSessionAsync(sessionEpoch);

    public ValueTask InstallReplacedAsync(Guid installId) => _device.InstallReplacedAsync(installId);

    public ValueTask<Admission> AdmitAsync(long sessionEpoch, Guid utteranceId) => _device.AdmitAsync(sessionEpoch, utteranceId);

    public ValueTask UtteranceReceivedAsync(long sessionEpoch, Guid utteranceId) => _device.UtteranceReceivedAsync(sessionEpoch, utteranceId);

    public ValueTask<SessionStanding> UtteranceAnsweredAsync(long sessionEpoch, Guid utteranceId, UtteranceOutcome outcome) =>
        _device.UtteranceAnsweredAsync(sessionEpoch, utteranceId, outcome);

    public ValueTask<SessionStanding> ReportAsync(long sessionEpoch, DeviceReport report) => _device.ReportAsync(sessionEpoch, report);

    public ValueTask SettingsAppliedAsync(long sessionEpoch, ulong version, string fault) => _device.SettingsAppliedAsync(sessionEpoch, version, fault);

    public ValueTask<bool> DeliverTranscriptAsync(TranscriptNotice transcript) => _device.DeliverTranscriptAsync(transcript);

    public ValueTask<DevicePresence> GetPresenceAsync() => _device.GetPresenceAsync();
}
