using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>
/// The simple transcriber: a fixed number of callers, one utterance a call. An endpoint that is away makes utterances wait; only what it refuses,
/// or what keeps failing while others succeed, is failed.
/// </summary>
internal sealed partial class TranscriptionWorker(
    TranscriptionQueue queue, IScoringClient client, ResultWriter results, EndpointGate gate, FleetInstruments instruments,
    IOptions<ScoringOptions> options, TimeProvider time, ILogger<TranscriptionWorker> logger) : BackgroundService
{
    private readonly ScoringOptions _options = options.Value;
    private readonly CancellationTokenSource _draining = new();
    private int _busy;

    /// <summary>Calls that are in flight.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Begins no more utterances; those in flight go on.</summary>
    public Task StopTakingAsync() => _draining.CancelAsync();

    public override void Dispose()
    {
        _draining.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, _options.MaxInFlight).Select(_ => Task.Run(() => CallAsync(stoppingToken), stoppingToken)));

    private async Task CallAsync(CancellationToken stoppingToken)
    {
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _draining.Token);
        try
        {
            while (await queue.WaitAsync(taking.Token))
            {
                while (!taking.IsCancellationRequested && queue.TryTake(out var job))
                {
                    Interlocked.Increment(ref _busy);
                    try
                    {
                        await TranscribeAsync(job, taking.Token, stoppingToken);
                    }
                    finally
                    {
                        Interlocked.Decrement(ref _busy);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (taking.IsCancellationRequested)
        {
            // What waits here is given back to the database by the stop.
        }
    }

    /// <summary>Until the job is done, put back, or the silo stops.</summary>
    private async Task TranscribeAsync(TranscriptionJob job, CancellationToken takingStops, CancellationToken stoppingToken)
    {
        while (true)
        {
            var started = time.GetTimestamp();
            var score = job.Audio.Length == 0
                ? new ScoreResult(ScoreOutcome.Recognised)
                : await client.ScoreAsync(job.Key.Utterance.UtteranceId, job.Audio.Pcm, stoppingToken);
            instruments.OnScored(score.Outcome.ToString(), time.GetElapsedTime(started));
            switch (score.Outcome)
            {
                case ScoreOutcome.Recognised:
                    gate.OnAnswered();
                    await FinishAsync(job, score, score.Text.Length > 0 ? UtteranceStatus.Transcribed : UtteranceStatus.Empty, stoppingToken);
                    return;
                case ScoreOutcome.Refused:
                    gate.OnAnswered();
                    await FinishAsync(job, score, UtteranceStatus.Failed, stoppingToken);
                    return;
                case ScoreOutcome.Away:
                    await Task.Delay(gate.OnAway(score.Reason, score.RetryAfter), time, takingStops);
                    continue;
            }

            job.CountFault(gate.Successes);
            LogAttemptFailed(job.Key.Utterance.DeviceId, job.Key.Utterance.UtteranceId, job.Faults, score.Reason);
            if (job.Faults >= _options.MaxAttempts)
            {
                await FinishAsync(job, score, UtteranceStatus.Failed, stoppingToken);
                return;
            }

            await Task.Delay(gate.BackOff(job.Faults - 1), time, takingStops);
            if (queue.TryPutBack(job))
            {
                return;
            }
        }
    }

    private async Task FinishAsync(TranscriptionJob job, ScoreResult score, UtteranceStatus status, CancellationToken cancellationToken)
    {
        queue.Forget(job);
        instruments.OnTranscribed(status.ToString(), time.GetElapsedTime(job.AcceptedTimestamp));
        var (utterance, ownerEpoch, attempt) = job.Key;
        if (status == UtteranceStatus.Failed)
        {
            LogFailed(utterance.DeviceId, utterance.UtteranceId, score.Reason);
        }
        else
        {
            LogTranscribed(utterance.DeviceId, utterance.UtteranceId, score.Text.Length);
        }

        await results.WriteAsync(
            new TranscriptResult(
                utterance,
                ownerEpoch,
                attempt,
                status,
                status == UtteranceStatus.Transcribed ? score.Text : null,
                status == UtteranceStatus.Transcribed ? score.Confidence : null,
                status == UtteranceStatus.Failed ? score.Reason : null,
                NullIfEmpty(score.Engine),
                NullIfEmpty(score.Model),
                NullIfEmpty(score.Deployment),
                RequestId: utterance.UtteranceId.ToString("D")),
            cancellationToken);
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    [LoggerMessage(EventIds.UtteranceTranscribed, LogLevel.Debug, "Device {DeviceId}: utterance {UtteranceId} has a transcript of {Characters} characters.")]
    private partial void LogTranscribed(string deviceId, Guid utteranceId, int characters);

    [LoggerMessage(EventIds.UtteranceFailed, LogLevel.Warning, "Device {DeviceId}: utterance {UtteranceId} gets no transcript: {Reason}")]
    private partial void LogFailed(string deviceId, Guid utteranceId, string reason);

    [LoggerMessage(EventIds.AttemptFailed, LogLevel.Information, "Device {DeviceId}: utterance {UtteranceId} is tried again (counted failures: {Faults}): {Reason}")]
    private partial void LogAttemptFailed(string deviceId, Guid utteranceId, int faults, string reason);
}
