using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Sees that the database has become another one (a failover), while sessions go on: their devices are asked to connect again, and learn it from Welcome.
/// </summary>
internal sealed partial class GenerationWorker(
    StorageGeneration generation, SessionRegistry sessions, SiloStatus status, IOptions<SiloOptions> options, TimeProvider time, ILogger<GenerationWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await status.Started.WaitAsync(stoppingToken);
            var known = await generation.GetAsync(stoppingToken);
            using var timer = new PeriodicTimer(_look, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = await generation.GetAsync(stoppingToken);
                if (now.Length == 0 || now == known)
                {
                    continue;
                }

                if (known.Length > 0)
                {
                    LogChanged(known, now, sessions.Count);
                    sessions.Drain(options.Value.Drain, TimeSpan.FromMilliseconds(options.Value.ReconnectJitterMs));
                }

                known = now;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop.
        }
    }

    [LoggerMessage(
        EventIds.GenerationChanged,
        LogLevel.Warning,
        "The database is another one (was {Before}, is {Now}): what was committed last may be missing. {Sessions} devices are asked to connect again and to compare.")]
    private partial void LogChanged(string before, string now, int sessions);
}
