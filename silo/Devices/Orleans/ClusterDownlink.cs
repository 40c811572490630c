using Fleet.Contracts.Actors;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>
/// How an actor reaches the stream of its session on whichever silo: the address names one run of a silo, so that one that is gone is known to be gone.
/// Waits for a moment only, since the device's other calls wait meanwhile.
/// </summary>
internal sealed partial class ClusterDownlink(
    LocalStreams local, SiloDoors doors, ILocalSiloDetails self, ISiloStatusOracle silos, IOptions<OrleansOptions> options, TimeProvider time,
    ILogger<ClusterDownlink> logger) : ISessionDownlink
{
    private readonly string _self = self.SiloAddress.ToParsableString();

    public async ValueTask<bool> SendTranscriptAsync(SessionAddress address, TranscriptNotice transcript)
    {
        if (address.Silo == _self)
        {
            return await local.Downlink.SendTranscriptAsync(address, transcript);
        }

        return await AskAsync(address, door => door.SendTranscriptAsync(address.SessionId, transcript));
    }

    public async ValueTask SupersedeAsync(SessionAddress address, long newSessionEpoch)
    {
        if (address.Silo == _self)
        {
            await local.Downlink.SupersedeAsync(address, newSessionEpoch);
            return;
        }

        await AskAsync(address, async door =>
        {
            await door.SupersedeAsync(address.SessionId, newSessionEpoch);
            return true;
        });
    }

    public async ValueTask ReplaceAsync(SessionAddress address, Guid newInstallId)
    {
        if (address.Silo == _self)
        {
            await local.Downlink.ReplaceAsync(address, newInstallId);
            return;
        }

        await AskAsync(address, async door =>
        {
            await door.ReplaceAsync(address.SessionId, newInstallId);
            return true;
        });
    }

    private async ValueTask<bool> AskAsync(SessionAddress address, Func<ISiloDoor, Task<bool>> ask)
    {
        var silo = SiloAddress.FromParsableString(address.Silo);
        if (silos.GetApproximateSiloStatus(silo).IsTerminating())
        {
            return false;
        }

        try
        {
            return await ask(doors.Of(silo)).WaitAsync(options.Value.DownlinkTimeout, time);
        }
        catch (Exception exception)
        {
            // The stream ends with its silo, or is fenced by its epoch; a transcript is in the history.
            LogNotReached(address.Silo, exception.Message);
            return false;
        }
    }

    [LoggerMessage(EventIds.StreamNotReached, LogLevel.Debug, "The stream at silo {Silo} was not reached: {Reason}")]
    private partial void LogNotReached(string silo, string reason);
}
