using Fleet.Silo.Devices.Embedded;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Transcription;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Hosting;

/// <summary>
/// The order of a stop, while everything still runs: no new calls; devices are asked to finish; what was received is committed and acked; streams end;
/// calls of the endpoint end and their results are written; what is not transcribed is given back to the database.
/// </summary>
internal sealed partial class GracefulStop(
    SiloStatus status, SessionRegistry sessions, UtteranceWriter writer, TranscriptionWorker transcription, ResultWriter results, IUtteranceStore store,
    MembershipWorker membership, DeviceDirectory devices, IOptions<SiloOptions> options, TimeProvider time, ILogger<GracefulStop> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _streamsEnd = TimeSpan.FromSeconds(3);

    private readonly SiloOptions _options = options.Value;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogStopping(sessions.Count, writer.UnansweredCount);
        await status.SetStoppingAsync();

        sessions.Drain(_options.Drain, TimeSpan.FromMilliseconds(_options.ReconnectJitterMs));
        await WaitAsync(() => sessions.Count == 0, _options.Drain, cancellationToken);

        var flushed = await WaitAsync(() => writer.UnansweredCount == 0, _options.Flush, cancellationToken);
        sessions.EndAll(new Status(StatusCode.Unavailable, "The silo is stopping; connect again."));
        await WaitAsync(() => sessions.Count == 0, _streamsEnd, cancellationToken);

        await transcription.StopTakingAsync();
        var transcribed = await WaitAsync(() => transcription.Busy == 0 && results.UnwrittenCount == 0, _options.Flush, cancellationToken);
        if (!flushed || !transcribed)
        {
            LogIncomplete(writer.UnansweredCount, transcription.Busy, results.UnwrittenCount);
        }

        await GiveBackAsync(cancellationToken);
        LogStopped();
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Last of all, when nobody is left to call a device.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => devices.CloseAsync();

    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        if (status.OwnerEpoch == 0)
        {
            return;
        }

        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(_streamsEnd);
            await store.ReleaseAllAsync(status.OwnerEpoch, limit.Token);
            await membership.LeaveAsync(limit.Token);
        }
        catch (Exception exception)
        {
            // The lease runs out by itself; then the rows are free.
            LogNotGivenBack(exception.Message);
        }
    }

    private async Task<bool> WaitAsync(Func<bool> isDone, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!isDone())
        {
            if (time.GetElapsedTime(started) >= atMost || cancellationToken.IsCancellationRequested)
            {
                return false;
            }

            await Task.Delay(_look, time, CancellationToken.None);
        }

        return true;
    }

    [LoggerMessage(EventIds.Stopping, LogLevel.Information, "The silo stops: {Sessions} sessions are asked to finish, {Utterances} utterances wait for their commit.")]
    private partial void LogStopping(int sessions, int utterances);

    [LoggerMessage(
        EventIds.StopIncomplete,
        LogLevel.Warning,
        "The stop did not wait longer: {Unanswered} utterances were not acked (their devices keep them), {Calls} calls and {Results} transcripts are done again.")]
    private partial void LogIncomplete(int unanswered, int calls, int results);

    [LoggerMessage(EventIds.LeaseTroubled, LogLevel.Warning, "Rows could not be given back, they are free when the lease runs out: {Reason}")]
    private partial void LogNotGivenBack(string reason);

    [LoggerMessage(EventIds.Stopped, LogLevel.Information, "Everything is answered and given back.")]
    private partial void LogStopped();
}
