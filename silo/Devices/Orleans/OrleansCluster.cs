using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>The members of the cluster that answer.</summary>
internal sealed partial class OrleansCluster(OrleansActorHost host, ILogger<OrleansCluster> logger) : ICluster
{
    public async ValueTask<IReadOnlyList<SiloReport>> ListAsync() =>
        [.. (await AskAllAsync()).Select(silo => silo.Report).OrderBy(report => report.Name, StringComparer.Ordinal)];

    public async ValueTask<bool> DrainAsync(string name, bool isDrained)
    {
        var named = (await AskAllAsync()).Where(silo => silo.Report.Name == name).ToList();
        foreach (var silo in named)
        {
            await host.Doors.Of(silo.Address).DrainAsync(isDrained);
        }

        return named.Count > 0;
    }

    private async Task<IReadOnlyList<(SiloAddress Address, SiloReport Report)>> AskAllAsync()
    {
        var answers = await Task.WhenAll(host.ActiveSilos.Select(AskAsync));
        return [.. answers.OfType<(SiloAddress, SiloReport)>()];
    }

    private async Task<(SiloAddress Address, SiloReport Report)?> AskAsync(SiloAddress silo)
    {
        try
        {
            var door = host.Doors.Of(silo);
            var (name, address, version, sessions, actors, isDrained) = await door.ReportAsync();
            return (silo, new SiloReport(name, address, version, sessions, actors, isDrained, await AskLoadAsync(silo, door)));
        }
        catch (Exception exception)
        {
            LogNoReport(silo, exception.Message);
            return null;
        }
    }

    private async Task<SiloLoad?> AskLoadAsync(SiloAddress silo, ISiloDoor door)
    {
        try
        {
            return await door.LoadAsync();
        }
        catch (Exception exception)
        {
            LogNoReport(silo, exception.Message);
            return null;
        }
    }

    [LoggerMessage(EventIds.SiloSilent, LogLevel.Debug, "Silo {Silo} did not say how it is: {Reason}")]
    private partial void LogNoReport(SiloAddress silo, string reason);
}
