using Fleet.Contracts.Actors;
using Orleans;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <inheritdoc cref="ISiloDoor"/>
internal sealed class SiloDoor(
    GrainId grainId, global::Orleans.Runtime.Silo silo, ILoggerFactory loggers, LocalStreams streams, LocalDevices local, IGrainFactory grains)
    : GrainService(grainId, silo, loggers), ISiloDoor
{
    public async Task<bool> SendTranscriptAsync(Guid sessionId, TranscriptNotice transcript) =>
        await streams.Downlink.SendTranscriptAsync(new SessionAddress("", sessionId), transcript);

    public async Task SupersedeAsync(Guid sessionId, long newSessionEpoch) =>
        await streams.Downlink.SupersedeAsync(new SessionAddress("", sessionId), newSessionEpoch);

    public async Task<DevicePresence[]> ListAsync() => [.. await local.ListAsync(grains)];
}
