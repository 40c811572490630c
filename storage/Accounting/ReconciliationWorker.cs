using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Fleet.Storage;

/// <summary>
/// Finds utterances that devices say are settled and that have no row, while the program runs. Any number of silos may run one: one works, the
/// others find nothing to do.
/// </summary>
internal sealed partial class ReconciliationWorker(
    FleetDatabase database, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<ReconciliationWorker> logger) : BackgroundService
{
    // Installs that one round looks at; the rest is for the next one.
    private const int MaxInstalls = 1_000;

    private readonly Reconciler _reconciler = new(database);
    private readonly FailureSpell _failures = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.ReconcileInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                await RunOnceAsync(stoppingToken);
            }
        }
    }

    /// <summary>How many installs were compared.</summary>
    internal async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        int compared = 0;
        try
        {
            foreach (UnreconciledInstall install in await _reconciler.ListDueAsync(MaxInstalls, cancellationToken))
            {
                if (await _reconciler.ReconcileAsync(install, cancellationToken) is not { } found)
                {
                    break; // another silo is at it
                }

                compared++;
                if (found > 0)
                {
                    LogMissing(install.DeviceId, install.InstallId, found, install.SettledBelow);
                }
            }

            _failures.Recover();
        }
        catch (StorageUnavailableException)
        {
            // The program says so elsewhere; the next round makes up for it.
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (_failures.Fail())
            {
                LogFailed(exception);
            }
        }

        return compared;
    }

    [LoggerMessage(
        3040,
        LogLevel.Error,
        "Device {DeviceId} (install {InstallId}): {Count} utterances below number {SettledBelow} are missing: the device says that they were answered, "
        + "and there is no row of them.")]
    private partial void LogMissing(string deviceId, Guid installId, long count, long settledBelow);

    [LoggerMessage(3041, LogLevel.Warning, "The devices' numbers could not be compared with the rows; the next round tries again.")]
    private partial void LogFailed(Exception exception);
}
