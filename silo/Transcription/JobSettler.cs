using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>What becomes of an utterance after its call: written, tried again now or later, or given up.</summary>
internal sealed partial class JobSettler(
    TranscriptionQueue queue, ResultWriter results, FleetInstruments instruments, IOptions<ScoringOptions> options, TimeProvider time, ILogger<JobSettler> logger)
{
    private readonly ScoringOptions _options = options.Value;

    /// <summary>It ends as what it was recognised as, or as failed.</summary>
    public async Task FinishAsync(TranscriptionJob job, ScoreResult score, CancellationToken cancellationToken)
    {
        job.Audio.Dispose();
        var skippedMs = (int)job.TranscribeFrom.TotalMilliseconds;
        var result = score with
        {
            Calls = job.Calls,
            Waited = Positive(time.GetElapsedTime(job.AcceptedTimestamp) - score.Took),
            // Times are those of the audio that is kept.
            Words = skippedMs == 0 ? score.Words : [.. score.Words.Select(word => word with { StartMs = word.StartMs + skippedMs, EndMs = word.EndMs + skippedMs })],
        };
        if (job.Background is { } background)
        {
            background.Complete(result);
            return;
        }

        var status = result.Outcome switch
        {
            ScoreOutcome.Recognised when result.Text.Length > 0 => UtteranceStatus.Transcribed,
            ScoreOutcome.Recognised => UtteranceStatus.Empty,
            _ => UtteranceStatus.Failed,
        };
        instruments.OnTranscribed(status.ToString(), time.GetElapsedTime(job.AcceptedTimestamp));
        var (utterance, ownerEpoch, attempt) = job.Key;
        if (status == UtteranceStatus.Failed)
        {
            LogFailed(utterance.DeviceId, utterance.UtteranceId, result.RequestId, result.Cause);
        }
        else
        {
            LogTranscribed(utterance.DeviceId, utterance.UtteranceId, result.RequestId, result.Text.Length);
        }

        FaultPoint.Pass(FaultPoint.AfterResultBeforeWrite);
        await results.WriteAsync(
            new TranscriptResult(
                utterance,
                ownerEpoch,
                attempt,
                status,
                status == UtteranceStatus.Transcribed ? result.Text : null,
                status == UtteranceStatus.Transcribed ? result.Confidence : null,
                status == UtteranceStatus.Failed ? result.Reason : null,
                NullIfEmpty(result.Engine),
                NullIfEmpty(result.Model),
                NullIfEmpty(result.Deployment),
                NullIfEmpty(result.RequestId),
                ScoreDetails.From(result)),
            cancellationToken);
    }

    /// <summary>Nothing is wrong with it: it waits on.</summary>
    public void PutBack(TranscriptionJob job)
    {
        if (!EndIfWithdrawn(job))
        {
            queue.PutBack(job);
        }
    }

    /// <summary>The endpoint works and failed at this utterance, which was alone in its call or named by the answer.</summary>
    public async Task BlameAsync(TranscriptionJob job, ScoreResult score, CancellationToken cancellationToken)
    {
        if (score.Outcome == ScoreOutcome.Refused ? job.CountRefusal() : job.CountFault(_options, time))
        {
            await FinishAsync(job, score, cancellationToken);
            return;
        }

        LogAttemptFailed(job.Key.Utterance.DeviceId, job.Key.Utterance.UtteranceId, job.Faults, score.Cause);
        // Alone from now on: it shall not spoil another call.
        job.MaxCompany = 1;
        Rest(job, CircuitBreaker.BackOff(Math.Max(job.Faults - 1, 0), score.RetryAfter, _options.MaxBackOff));
    }

    /// <summary>No answer in time. Once it is asked for again soon, in a smaller call; then it rests, since the endpoint may still be at work on it.</summary>
    public async Task OnTimedOutAsync(TranscriptionJob job, int company, ScoreResult score, CancellationToken cancellationToken)
    {
        job.TimeOuts++;
        job.MaxCompany = Math.Max(1, Math.Min(job.MaxCompany, company / 2));
        if (company == 1 && job.CountFault(_options, time))
        {
            await FinishAsync(job, score, cancellationToken);
        }
        else if (job.TimeOuts == 1)
        {
            Rest(job, CircuitBreaker.BackOff(0, score.RetryAfter, _options.MaxBackOff));
        }
        else
        {
            LogAttemptFailed(job.Key.Utterance.DeviceId, job.Key.Utterance.UtteranceId, job.Faults, score.Cause);
            Rest(job, _options.GiveUpAfter / _options.MaxAttempts);
        }
    }

    public void Rest(TranscriptionJob job, TimeSpan pause)
    {
        if (!EndIfWithdrawn(job))
        {
            queue.Rest(job, pause);
        }
    }

    private static bool EndIfWithdrawn(TranscriptionJob job)
    {
        if (job.Background is not { IsWithdrawn: true })
        {
            return false;
        }

        job.Audio.Dispose();
        return true;
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    [LoggerMessage(EventIds.UtteranceTranscribed, LogLevel.Debug, "Device {DeviceId}: utterance {UtteranceId} has a transcript of {Characters} characters (request {RequestId}).")]
    private partial void LogTranscribed(string deviceId, Guid utteranceId, string requestId, int characters);

    [LoggerMessage(EventIds.UtteranceFailed, LogLevel.Warning, "Device {DeviceId}: utterance {UtteranceId} gets no transcript (request {RequestId}): {Reason}")]
    private partial void LogFailed(string deviceId, Guid utteranceId, string requestId, string reason);

    [LoggerMessage(EventIds.AttemptFailed, LogLevel.Information, "Device {DeviceId}: utterance {UtteranceId} is tried again (counted failures: {Faults}): {Reason}")]
    private partial void LogAttemptFailed(string deviceId, Guid utteranceId, int faults, string reason);
}
