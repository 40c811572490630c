using Fleet.Contracts.Actors;
using Fleet.Silo.Membership;
using Orleans;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <inheritdoc cref="ISiloDoor"/>
internal sealed class SiloDoor(
    GrainId grainId, global::Orleans.Runtime.Silo silo, ILoggerFactory loggers, LocalStreams streams, LocalDevices local, LocalSilo self, IGrainFactory grains)
    : GrainService(grainId, silo, loggers), ISiloDoor
{
    public async Task<bool> SendTranscriptAsync(Guid sessionId, TranscriptNotice transcript) =>
        await streams.Downlink.SendTranscriptAsync(new SessionAddress("", sessionId), transcript);

    public async Task SupersedeAsync(Guid sessionId, long newSessionEpoch) =>
        await streams.Downlink.SupersedeAsync(new SessionAddress("", sessionId), newSessionEpoch);

    public async Task ReplaceAsync(Guid sessionId, Guid newInstallId) =>
        await streams.Downlink.ReplaceAsync(new SessionAddress("", sessionId), newInstallId);

    public Task<(string Name, string Address, string Version, int Sessions, int Actors, bool IsDrained)> ReportAsync()
    {
        var report = self.Report(Silo.Endpoint.ToString(), local.Count);
        return Task.FromResult((report.Name, report.Address, report.Version, report.Sessions, report.Actors, report.IsDrained));
    }

    public Task<SiloLoad> LoadAsync() => Task.FromResult(self.Load);

    public Task DrainAsync(bool isDrained)
    {
        self.Drain(isDrained);
        return Task.CompletedTask;
    }

    public async Task<DevicePresence[]> ListAsync() => [.. await local.ListAsync(grains)];
}
