using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.Storage;

/// <summary>
/// Makes the partitions of the coming months while the program runs, and removes what is older than the retention, if there is one. Rows that
/// find no partition go to DEFAULT. The first round comes an hour after the start: a start never deletes anything.
/// </summary>
internal sealed partial class PartitionWorker(
    FleetDatabase database, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<PartitionWorker> logger) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromHours(1);
    private static readonly TimeSpan _afterFailure = TimeSpan.FromMinutes(5);

    // A machine that has not tried for so long is no conflict any more.
    private const string ForgetConflicts = "DELETE FROM identity_conflicts WHERE last_seen < clock_timestamp() - interval '30 days'";

    private readonly Retention _retention = new(database);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The migrator has made them at the start.
        TimeSpan next = _interval;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(next, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                bool made = await EnsureAsync(stoppingToken);
                bool removed = await RemoveExpiredAsync(stoppingToken);
                next = made && removed ? _interval : _afterFailure;
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

    internal async Task<bool> RemoveExpiredAsync(CancellationToken cancellationToken)
    {
        int days = options.Value.RetentionDays;
        try
        {
            await database.RunAsync(
                async (connection, token) =>
                {
                    await using NpgsqlCommand command = new(ForgetConflicts, connection);
                    return await command.ExecuteNonQueryAsync(token);
                },
                cancellationToken);
            return days == 0 || await RemoveExpiredAsync(days, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotRemoved(exception, days, _afterFailure.TotalMinutes);
            return false;
        }
    }

    private async Task<bool> RemoveExpiredAsync(int days, CancellationToken cancellationToken)
    {
        bool all = true;
        foreach (string month in await _retention.ListExpiredMonthsAsync(days, cancellationToken))
        {
            if (await _retention.DropMonthAsync(month, cancellationToken) is { } dropped)
            {
                LogDropped(month, days, dropped);
            }
            else
            {
                all = false;
            }
        }

        long deleted = await _retention.DeleteStragglersAsync(days, cancellationToken);
        if (deleted > 0)
        {
            LogDeleted(deleted, days);
        }

        return all;
    }

    [LoggerMessage(3010, LogLevel.Information, "{Count} partitions made.")]
    private partial void LogMade(int count);

    [LoggerMessage(3011, LogLevel.Warning, "The partitions of the coming months could not be made; trying again in {Minutes:0} minutes.")]
    private partial void LogFailed(Exception exception, double minutes);

    [LoggerMessage(3012, LogLevel.Information, "The month {Month} is older than the retention of {Days} days: its {Count} utterances and their audio were dropped.")]
    private partial void LogDropped(string month, int days, long count);

    [LoggerMessage(3013, LogLevel.Information, "{Count} utterances outside of the months were older than the retention of {Days} days and were deleted.")]
    private partial void LogDeleted(long count, int days);

    [LoggerMessage(3014, LogLevel.Warning, "What is older than the retention of {Days} days could not be removed; trying again in {Minutes:0} minutes.")]
    private partial void LogNotRemoved(Exception exception, int days, double minutes);
}
