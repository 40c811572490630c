using Fleet.Silo.Devices;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Silo.Transcription;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Hosting;

/// <summary>
/// The order of a stop, while everything still runs: no new calls; devices are asked to finish; what was received is committed and acked; streams end;
/// calls of the endpoint end and their results are written; what is not transcribed is given back to the database. The actors go last: with Orleans this
/// silo is a member, and reachable, until all that is done.
/// </summary>
internal sealed partial class GracefulStop(
    SiloStatus status, SessionRegistry sessions, UtteranceWriter writer, LossWriter losses, TranscriptionWorker transcription, ResultWriter results,
    IUtteranceStore store, PresenceWorker presence, MembershipWorker membership, IActorHost actors, IOptions<SiloOptions> options, TimeProvider time, ILogger<GracefulStop> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _streamsEnd = TimeSpan.FromSeconds(3);

    // Orleans lets its actors go, and tells the other silos.
    private static readonly TimeSpan _actorsEnd = TimeSpan.FromSeconds(5);

    // A database that took nothing for a whole flush will not take results in another one.
    private static readonly TimeSpan _hopeless = TimeSpan.FromSeconds(1);

    private readonly SiloOptions _options = options.Value;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        LogStopping(sessions.Count, writer.UnansweredCount);
        await status.SetStoppingAsync();

        sessions.Drain(_options.Drain, TimeSpan.FromMilliseconds(_options.ReconnectJitterMs));
        await WaitAsync(() => sessions.Count == 0, _options.Drain, cancellationToken);

        FaultPoint.Pass(FaultPoint.StopAfterDrain);

        var flushed = await WaitAsync(() => writer.UnansweredCount == 0 && losses.UnansweredCount == 0, _options.Flush, cancellationToken);
        sessions.EndAll(new Status(StatusCode.Unavailable, "The silo is stopping; connect again."));
        await WaitAsync(() => sessions.Count == 0, _streamsEnd, cancellationToken);

        await transcription.StopTakingAsync();
        var transcribed = await WaitAsync(() => transcription.Busy == 0 && results.UnwrittenCount == 0, flushed ? _options.Flush : _hopeless, cancellationToken);
        if (!flushed || !transcribed)
        {
            LogIncomplete(writer.UnansweredCount + losses.UnansweredCount, transcription.Busy, results.UnwrittenCount);
        }

        FaultPoint.Pass(FaultPoint.StopBeforeRelease);
        if (await GiveBackAsync(cancellationToken))
        {
            LogStopped();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Last of all, when nobody is left to call a device; not longer than the host waits, also when a call still waits for the database.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var patience = new CancellationTokenSource(_actorsEnd, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            await actors.StopAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            LogActorsNotStopped(exception.Message);
        }
    }

    private async Task<bool> GiveBackAsync(CancellationToken cancellationToken)
    {
        if (status.OwnerEpoch == 0)
        {
            return true;
        }

        try
        {
            using var patience = new CancellationTokenSource(_streamsEnd, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
            // The driver may take seconds to cancel a call to a database that hangs: not waited for.
            await GiveBackAllAsync(limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (Exception exception)
        {
            // The lease runs out by itself; then the rows are free.
            LogNotGivenBack(exception.Message);
            return false;
        }
    }

    private async Task GiveBackAllAsync(CancellationToken cancellationToken)
    {
        await store.ReleaseAllAsync(status.OwnerEpoch, cancellationToken);
        await membership.LeaveAsync(cancellationToken);
        await presence.FlushAsync(cancellationToken);
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

    [LoggerMessage(EventIds.ActorsNotStopped, LogLevel.Warning, "The actors were not waited for any longer: {Reason}")]
    private partial void LogActorsNotStopped(string reason);

    [LoggerMessage(EventIds.Stopped, LogLevel.Information, "Everything is answered and given back.")]
    private partial void LogStopped();
}
