using Fleet.Contracts.Actors;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Devices;

/// <summary>
/// Keeps in the database when devices were last seen and how far they have counted their utterances: all of them in two statements, every half minute,
/// and once more at the stop.
/// </summary>
internal sealed partial class PresenceWorker(
    IFleet fleet, DeviceStore devices, SiloStatus status, IOptions<SiloOptions> options, TimeProvider time, ILogger<PresenceWorker> logger) : BackgroundService
{
    private readonly Dictionary<string, ReportedNumbers> _kept = new(StringComparer.Ordinal);
    private DateTimeOffset _since;

    /// <summary>The last round, for the stop: nobody else runs one by then.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (ExecuteTask is { IsCompleted: true })
        {
            await KeepAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, status.Stopping);
        try
        {
            await status.Started.WaitAsync(stop.Token);
            _since = time.GetUtcNow();
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.PresenceSeconds), time);
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                await KeepAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stop, which flushes.
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var active = await fleet.ListLocalAsync();
        try
        {
            var seen = active.Where(device => device.LastSeen >= _since).Select(device => device.DeviceId).ToList();
            if (seen.Count > 0)
            {
                await devices.TouchAsync(seen, cancellationToken);
            }

            _since = now;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next round takes these along.
            LogNotKept(active.Count, exception.Message);
        }

        await KeepNumbersAsync(active, cancellationToken);
    }

    // An actor remembers the numbers of a session that has ended, so the end of a session needs no write of its own.
    private async Task KeepNumbersAsync(IReadOnlyList<DevicePresence> active, CancellationToken cancellationToken)
    {
        var news = new List<DeviceNumbers>();
        foreach (var device in active)
        {
            if (device.Numbers is { } numbers && numbers != _kept.GetValueOrDefault(device.DeviceId))
            {
                news.Add(new DeviceNumbers(device.DeviceId, numbers.SessionEpoch, Clamp(numbers.NextSequenceNumber), Clamp(numbers.SettledBelow)));
            }
        }

        if (news.Count == 0)
        {
            return;
        }

        try
        {
            await devices.ReportNumbersAsync(news, cancellationToken);
            _kept.Clear();
            foreach (var device in active)
            {
                if (device.Numbers is { } numbers)
                {
                    _kept[device.DeviceId] = numbers;
                }
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNumbersNotKept(news.Count, exception.Message);
        }
    }

    private static long Clamp(ulong number) => (long)Math.Min(number, long.MaxValue);

    [LoggerMessage(EventIds.PresenceNotKept, LogLevel.Debug, "When {Count} devices were last seen could not be kept: {Reason}")]
    private partial void LogNotKept(int count, string reason);

    [LoggerMessage(EventIds.NumbersNotKept, LogLevel.Debug, "How far {Count} devices have counted could not be kept, the next round tries again: {Reason}")]
    private partial void LogNumbersNotKept(int count, string reason);
}
