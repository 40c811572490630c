using System.Runtime.CompilerServices;
using Fleet.Contracts.Transcripts;
using Fleet.Silo.Ingest;
using Fleet.Silo.Membership;
using Fleet.Silo.Transcription;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Retranscription;

/// <summary>
/// Works runs of history through another deployment: one at a time, and beside it what people have decided about others. All it knows is in the database,
/// so another silo goes on where this one dies; what that one had in work is recognised once more, and written once.
/// </summary>
internal sealed partial class RetranscriptionWorker(
    RetranscriptionStore store, AudioStore audio, IBackgroundTranscriber transcriber, AudioMemory memory, RetranscriptionBell bell, SiloStatus status,
    IOptions<RetranscriptionOptions> options, TimeProvider time, ILogger<RetranscriptionWorker> logger) : BackgroundService
{
    private const int PageUtterances = 64;

    // Rows that a decision changes, and locks, in one transaction: devices that store meanwhile wait for it.
    private const int StepUtterances = 200;

    private static readonly RetranscriptionState[] _running = [RetranscriptionState.Running];
    private static readonly RetranscriptionState[] _decided = [RetranscriptionState.Promoting, RetranscriptionState.Discarding];

    private readonly RetranscriptionOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, status.Stopping);
        try
        {
            await status.Started.WaitAsync(stop.Token);
            await Task.WhenAll(LoopAsync(_running, RecogniseAsync, stop.Token), LoopAsync(_decided, CarryOutAsync, stop.Token));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The stop ends this silo's lease: its run is free for others.
        }
    }

    /// <param name="states">Which runs to take up.</param>
    /// <param name="work">True when it came to an end and there may be more.</param>
    /// <param name="stop">The silo stops.</param>
    private async Task LoopAsync(
        RetranscriptionState[] states, Func<RetranscriptionClaim, CancellationToken, Task<bool>> work, CancellationToken stop)
    {
        while (true)
        {
            var rung = bell.Rung;
            try
            {
                if (await store.ClaimAsync(status.OwnerEpoch, states, stop) is { } claim && await work(claim, stop))
                {
                    continue;
                }
            }
            catch (StorageUnavailableException exception)
            {
                LogHeld(exception.Message);
            }
            catch (Exception exception) when (!stop.IsCancellationRequested)
            {
                LogBroken(exception);
            }

            await Task.WhenAny(rung, Task.Delay(_options.PollInterval, time, stop));
            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> RecogniseAsync(RetranscriptionClaim claim, CancellationToken stop)
    {
        LogTaken(claim.RunId, claim.Deployment, claim.Attempt);
        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var watching = WatchAsync(claim, mine);
        try
        {
            await Parallel.ForEachAsync(
                ListAsync(claim, mine.Token),
                new ParallelOptions { MaxDegreeOfParallelism = _options.MaxInFlight, CancellationToken = mine.Token },
                async (task, token) =>
                {
                    if (await RecogniseAsync(claim, task, token) == RetranscriptionWrite.NotYours)
                    {
                        await mine.CancelAsync();
                    }
                });
            var finished = await store.FinishAsync(claim, stop);
            if (finished)
            {
                LogFinished(claim.RunId);
            }

            return finished;
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            LogLost(claim.RunId);
            return true;
        }
        finally
        {
            await mine.CancelAsync();
            await watching;
        }
    }

    private async IAsyncEnumerable<RetranscriptionTask> ListAsync(RetranscriptionClaim claim, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = new UtteranceKey("", Guid.Empty);
        while (true)
        {
            var page = await store.NextAsync(claim.RunId, after, PageUtterances, cancellationToken);
            foreach (var task in page)
            {
                yield return task;
                after = task.Key;
            }

            if (page.Count < PageUtterances)
            {
                yield break;
            }
        }
    }

    private async Task<RetranscriptionWrite> RecogniseAsync(RetranscriptionClaim claim, RetranscriptionTask task, CancellationToken cancellationToken)
    {
        if (!task.IsReady)
        {
            return await SkipAsync(claim, task, "It waits for another transcript, or is gone.", cancellationToken);
        }

        while (memory.IsTight)
        {
            await Task.Delay(_options.PollInterval, time, cancellationToken);
        }

        if (await audio.ReadAsync(task.Key.DeviceId, task.Key.UtteranceId, cancellationToken) is not { } stored)
        {
            return await SkipAsync(claim, task, "Its audio is not kept.", cancellationToken);
        }

        using var pcm = PooledAudio.CopyOf(stored.Pcm.Span, memory);
        var score = await transcriber.TranscribeAsync(task.Key.UtteranceId, pcm, claim.Deployment, cancellationToken, stored.TranscribeFrom);
        return score.Outcome == ScoreOutcome.Recognised
            ? await store.AddVersionAsync(claim, task.Key, Version(score, task, claim.Deployment), cancellationToken)
            : await store.EndItemAsync(claim, task.Key, RetranscriptionItemState.Failed, score.Reason, cancellationToken);
    }

    private Task<RetranscriptionWrite> SkipAsync(RetranscriptionClaim claim, RetranscriptionTask task, string reason, CancellationToken cancellationToken) =>
        store.EndItemAsync(claim, task.Key, RetranscriptionItemState.Skipped, reason, cancellationToken);

    private static NewVersion Version(ScoreResult score, RetranscriptionTask task, string deployment)
    {
        // A text where there was none is no difference of words.
        var diff = task.Text is { } text ? WordDiff.Of(text, score.Text) : null;
        return new NewVersion(score.Text.Length == 0 ? UtteranceStatus.Empty : UtteranceStatus.Transcribed, score.Text)
        {
            Confidence = score.Text.Length == 0 ? null : score.Confidence,
            Engine = score.Engine,
            Model = score.Model,
            // The run's name for it where the endpoint does not say its own.
            Deployment = score.Deployment.Length == 0 ? deployment : score.Deployment,
            RequestId = score.RequestId.Length == 0 ? null : score.RequestId,
            Details = ScoreDetails.From(score),
            OldWords = diff?.OldWords ?? 0,
            WordEdits = diff?.Changes ?? 0,
        };
    }

    private async Task<bool> CarryOutAsync(RetranscriptionClaim claim, CancellationToken stop)
    {
        var count = 0;
        while (await store.CarryOutAsync(claim, StepUtterances, stop) is { } step)
        {
            if (step == 0)
            {
                LogSettled(claim.RunId, claim.State == RetranscriptionState.Promoting ? "history shows its texts of" : "removed its texts of", count);
                return await store.SettleAsync(claim, stop);
            }

            count += step;
        }

        LogLost(claim.RunId);
        return true;
    }

    // An endpoint that is away keeps every call waiting, so none of them would notice.
    private async Task WatchAsync(RetranscriptionClaim claim, CancellationTokenSource mine)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_options.PollInterval, time, mine.Token);
                try
                {
                    if (!await store.IsMineAsync(claim, mine.Token))
                    {
                        await mine.CancelAsync();
                    }
                }
                catch (StorageUnavailableException)
                {
                    // Who writes a result finds out, too.
                }
            }
        }
        catch (OperationCanceledException) when (mine.IsCancellationRequested)
        {
            // The end of the work, or of the claim.
        }
    }
}
