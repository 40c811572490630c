using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Devices.Embedded;

/// <summary>Keeps the memory of the embedded host in proportion to the devices that are there, not to those that ever were.</summary>
internal sealed partial class DeviceDeactivationWorker(
    DeviceDirectory directory, IOptions<DevicesOptions> options, TimeProvider time, ILogger<DeviceDeactivationWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var idleFor = options.Value.IdleTime;
        using var timer = new PeriodicTimer(idleFor / 4, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var deactivated = directory.Deactivate(idleFor);
            if (deactivated > 0)
            {
                LogDeactivated(deactivated, idleFor, directory.ActiveCount);
            }
        }
    }

    [LoggerMessage(EventIds.DevicesDeactivated, LogLevel.Debug, "Let go of {Count} devices that were idle for {IdleFor}; {Active} are active.")]
    private partial void LogDeactivated(int count, TimeSpan idleFor, int active);
}
