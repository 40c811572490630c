using System.Threading.Channels;
using Fleet.Contracts.Actors;
using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Storage;

namespace Fleet.Silo.Transcription;

/// <summary>Writes transcripts in small groups, then tells the devices. While the database is away results wait here, and callers with them.</summary>
internal sealed partial class ResultWriter(
    IUtteranceStore store, TranscriptionQueue queue, IFleet fleet, TimeProvider time, ILogger<ResultWriter> logger) : BackgroundService
{
    private const int MaxGroup = 64;

    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(5);

    // Full makes the transcriber's callers wait: nothing that was recognised is dropped.
    private readonly Channel<TranscriptResult> _results = Channel.CreateBounded<TranscriptResult>(
        new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private int _unwritten;

    /// <summary>Results that wait to be written.</summary>
    public int UnwrittenCount => Volatile.Read(ref _unwritten);

    public async ValueTask WriteAsync(TranscriptResult result, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _unwritten);
        try
        {
            await _results.Writer.WriteAsync(result, cancellationToken);
        }
        catch
        {
            Interlocked.Decrement(ref _unwritten);
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var group = new List<TranscriptResult>(MaxGroup);
        try
        {
            while (await _results.Reader.WaitToReadAsync(stoppingToken))
            {
                group.Clear();
                while (group.Count < MaxGroup && _results.Reader.TryRead(out var result))
                {
                    group.Add(result);
                }

                var written = await CompleteUntilDoneAsync(group, stoppingToken);
                FaultPoint.Pass(FaultPoint.AfterWriteBeforeNotice);
                Interlocked.Add(ref _unwritten, -group.Count);
                foreach (var result in group)
                {
                    queue.Forget(new JobKey(result.Key, result.OwnerEpoch, result.Attempt));
                }

                // Told in order, waited for together: a device whose actor's silo has just died keeps the others waiting once, not each for itself.
                await Task.WhenAll(group.Select((result, i) => TellDeviceAsync(result, written[i])));
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not written is recognised again by whoever claims the row.
        }
    }

    private async Task<IReadOnlyList<bool>> CompleteUntilDoneAsync(List<TranscriptResult> group, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var wasHeld = false;
        for (var delay = _firstRetry; ; delay = 2 * delay < _longestRetry ? 2 * delay : _longestRetry)
        {
            try
            {
                var written = await store.CompleteAsync(group, cancellationToken);
                if (wasHeld)
                {
                    LogResumed(group.Count, time.GetElapsedTime(started));
                }

                return written;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                if (!wasHeld)
                {
                    LogHeld(exception is StorageUnavailableException ? null : exception, group.Count, exception.Message);
                    wasHeld = true;
                }
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private async Task TellDeviceAsync(TranscriptResult result, bool written)
    {
        if (!written)
        {
            LogOvertaken(result.Key.DeviceId, result.Key.UtteranceId);
            return;
        }

        try
        {
            await fleet.GetDevice(result.Key.DeviceId).DeliverTranscriptAsync(new TranscriptNotice(
                result.Key.UtteranceId, result.Status, result.Text ?? "", result.Confidence, result.Reason ?? "", result.Engine ?? "", result.Model ?? ""));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // It is in the history; one device's trouble must not keep the others from their transcripts.
            LogNotTold(exception, result.Key.DeviceId, result.Key.UtteranceId);
        }
    }

    [LoggerMessage(EventIds.ResultsHeld, LogLevel.Warning, "{Count} transcripts are held until the database takes them: {Reason}")]
    private partial void LogHeld(Exception? exception, int count, string reason);

    [LoggerMessage(EventIds.ResultsResumed, LogLevel.Information, "The database took {Count} transcripts after {HeldFor}.")]
    private partial void LogResumed(int count, TimeSpan heldFor);

    [LoggerMessage(EventIds.TranscriptNotTold, LogLevel.Error, "Device {DeviceId} could not be told the transcript of {UtteranceId}.")]
    private partial void LogNotTold(Exception exception, string deviceId, Guid utteranceId);

    [LoggerMessage(EventIds.ResultOvertaken, LogLevel.Debug, "Device {DeviceId}: the transcript of {UtteranceId} is not written, its row is another's by now.")]
    private partial void LogOvertaken(string deviceId, Guid utteranceId);
}
