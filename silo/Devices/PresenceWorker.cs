using Fleet.Contracts.Actors;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Devices;

/// <summary>Keeps in the database when devices were last seen: all of them in one statement, every half minute.</summary>
internal sealed partial class PresenceWorker(
    IFleet fleet, DeviceStore devices, SiloStatus status, IOptions<SiloOptions> options, TimeProvider time, ILogger<PresenceWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await status.Started.WaitAsync(stoppingToken);
        var since = time.GetUtcNow();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.PresenceSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetUtcNow();
            var seen = (await fleet.ListActiveAsync()).Where(device => device.LastSeen >= since).Select(device => device.DeviceId).ToList();
            if (seen.Count == 0)
            {
                continue;
            }

            try
            {
                await devices.TouchAsync(seen, stoppingToken);
                since = now;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The next round takes these along.
                LogNotKept(seen.Count, exception.Message);
            }
        }
    }

    [LoggerMessage(EventIds.PresenceNotKept, LogLevel.Debug, "When {Count} devices were last seen could not be kept: {Reason}")]
    private partial void LogNotKept(int count, string reason);
}
