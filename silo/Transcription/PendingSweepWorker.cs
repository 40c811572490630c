using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>
/// Takes up stored utterances that nobody works on: those of a silo that died, those that found a full queue, and those that are this silo's without
/// its knowing, since the connection broke when the database had made them so.
/// </summary>
internal sealed partial class PendingSweepWorker(
    IUtteranceStore store, TranscriptionQueue queue, ResultWriter results, AudioMemory memory, SiloStatus status, IOptions<ScoringOptions> options,
    TimeProvider time, ILogger<PendingSweepWorker> logger) : BackgroundService
{
    // Their audio is read at once: at most 32 MiB with the default length of utterances.
    private const int MaxClaim = 16;

    // More than the queue holds with the default options; what is beyond is looked at when these are done.
    private const int MaxOwned = 4_096;

    private HashSet<JobKey> _unknown = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, status.Stopping);
        try
        {
            await status.Started.WaitAsync(stop.Token);
            while (true)
            {
                await GiveBackDisplacedAsync(stop.Token);
                await GiveBackUnknownAsync(stop.Token);
                while (await SweepAsync(stop.Token))
                {
                }

                // Some chance, so that silos that started together do not sweep together.
                await Task.Delay(options.Value.SweepInterval * (0.75 + (Random.Shared.NextDouble() / 2)), time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stop.
        }
    }

    // Those that live speech has displaced. What is missed here is unknown at the next two looks.
    private async Task GiveBackDisplacedAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var jobs in queue.TakeDisplaced().GroupBy(static job => job.OwnerEpoch))
            {
                await store.ReleaseAsync(jobs.Key, [.. jobs.Select(static job => job.Utterance)], cancellationToken);
            }
        }
        catch (StorageUnavailableException exception)
        {
            LogSweepFailed(exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSweepBroken(exception);
        }
    }

    // One look proves nothing: a row is this silo's a moment before its queue has it, and until its result is written. What is given back too early
    // is recognised twice and written once.
    private async Task GiveBackUnknownAsync(CancellationToken cancellationToken)
    {
        try
        {
            var ownerEpoch = status.OwnerEpoch;
            HashSet<JobKey> unknown =
            [
                .. (await store.ListOwnedAsync(ownerEpoch, MaxOwned, cancellationToken))
                    .Select(owned => new JobKey(owned.Key, ownerEpoch, owned.Attempt)).Where(job => !queue.Knows(job)),
            ];
            List<UtteranceKey> again = [.. unknown.Where(_unknown.Contains).Select(job => job.Utterance)];
            _unknown = unknown;
            if (again.Count > 0)
            {
                await store.ReleaseAsync(ownerEpoch, again, cancellationToken);
                LogGivenBack(again.Count);
            }
        }
        catch (StorageUnavailableException exception)
        {
            LogSweepFailed(exception.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSweepBroken(exception);
        }
    }

    /// <summary>True when there may be more.</summary>
    private async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        var max = Math.Min(queue.BacklogRoom, MaxClaim);
        if (max == 0)
        {
            return false;
        }

        try
        {
            var ownerEpoch = status.OwnerEpoch;
            var claimed = await store.ClaimAsync(ownerEpoch, max, cancellationToken);
            List<UtteranceKey>? overflow = null;
            foreach (var utterance in claimed)
            {
                if (!await TryTakeAsync(utterance, ownerEpoch, cancellationToken))
                {
                    (overflow ??= []).Add(utterance.Key);
                }
            }

            if (claimed.Count > 0)
            {
                LogClaimed(claimed.Count);
            }

            if (overflow is not null)
            {
                await store.ReleaseAsync(ownerEpoch, overflow, cancellationToken);
                return false;
            }

            return claimed.Count == max;
        }
        catch (StorageUnavailableException exception)
        {
            LogSweepFailed(exception.Message);
            return false;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogSweepBroken(exception);
            return false;
        }
    }

    private async ValueTask<bool> TryTakeAsync(ClaimedUtterance utterance, long ownerEpoch, CancellationToken cancellationToken)
    {
        if (utterance.Audio is null)
        {
            await results.WriteAsync(
                new TranscriptResult(utterance.Key, ownerEpoch, utterance.Attempt, UtteranceStatus.Lost, Reason: "The audio is not kept any more."),
                cancellationToken);
            return true;
        }

        if (memory.IsTight)
        {
            return false;
        }

        var audio = PooledAudio.CopyOf(utterance.Audio.Pcm.Span, memory);
        if (queue.TryAdd(new JobKey(utterance.Key, ownerEpoch, utterance.Attempt), audio, utterance.StartedAt + utterance.Duration, utterance.Audio.TranscribeFrom))
        {
            return true;
        }

        audio.Dispose();
        return false;
    }

    [LoggerMessage(EventIds.PendingClaimed, LogLevel.Information, "Took up {Count} stored utterances that nobody worked on.")]
    private partial void LogClaimed(int count);

    [LoggerMessage(
        EventIds.UnknownGivenBack, LogLevel.Information, "{Count} stored utterances were this silo's without its knowing, and are taken up anew: a connection broke.")]
    private partial void LogGivenBack(int count);

    [LoggerMessage(EventIds.SweepBroken, LogLevel.Error, "Could not look for stored utterances; the next sweep tries again.")]
    private partial void LogSweepBroken(Exception exception);

    [LoggerMessage(EventIds.SweepFailed, LogLevel.Debug, "Could not look for stored utterances: {Reason}")]
    private partial void LogSweepFailed(string reason);
}
