using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Storage;

/// <summary>Makes the partitions of the coming months while the program runs. Rows that find none go to DEFAULT.</summary>
internal sealed partial class PartitionWorker(FleetDatabase database, TimeProvider time, ILogger<PartitionWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromDays(1);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The migrator has made them at the start.
        TimeSpan next = _interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(next, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                next = await EnsureAsync(stoppingToken) ? _interval : _afterFailure;
            }
        }
    }

    internal async Task<bool> EnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            int made = await database.RunAsync(
                async (connection, token) =>
                {
                    await using NpgsqlCommand command = new(Partitions.EnsureSql, connection);
                    return (int)(await command.ExecuteScalarAsync(token))!; // the function returns an integer
                },
                cancellationToken);
            if (made > 0)
            {
                LogMade(made);
            }

            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception, _afterFailure.TotalMinutes);
            return false;
        }
    }

    [LoggerMessage(3010, LogLevel.Information, "{Count} partitions made.")]
    private partial void LogMade(int count);

    [LoggerMessage(3011, LogLevel.Warning, "The partitions of the coming months could not be made; trying again in {Minutes:0} minutes.")]
    private partial void LogFailed(Exception exception, double minutes);
}
