using System.Collections.Concurrent;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Fleet.V1;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>
/// The simple transcriber: a fixed number of callers, one utterance a call. An endpoint that is away, or that fails at everything, makes utterances wait;
/// only what it refuses or keeps failing at while it works is failed.
/// </summary>
internal sealed partial class TranscriptionWorker(
    TranscriptionQueue queue, IScoringClient client, ResultWriter results, EndpointGate gate, EndpointCanary canary, FleetInstruments instruments,
    IOptions<ScoringOptions> options, TimeProvider time, ILogger<TranscriptionWorker> logger) : BackgroundService
{
    private readonly ScoringOptions _options = options.Value;
    private readonly CancellationTokenSource _draining = new();
    private readonly ConcurrentDictionary<Task, byte> _rests = new();
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(Enumerable.Range(0, _options.MaxInFlight).Select(_ => Task.Run(() => CallAsync(stoppingToken), stoppingToken)));
        // Callers are over: nothing rests anew.
        await Task.WhenAll(_rests.Keys);
    }

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

    /// <summary>Until the job is done, rests, or the silo stops.</summary>
    private async Task TranscribeAsync(TranscriptionJob job, CancellationToken takingStops, CancellationToken stoppingToken)
    {
        while (true)
        {
            var started = time.GetTimestamp();
            FaultPoint.Pass(FaultPoint.BeforeCall);
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
                case ScoreOutcome.Refused when score.IsAboutUtterance:
                    gate.OnAnswered();
                    await FinishAsync(job, score, UtteranceStatus.Failed, stoppingToken);
                    return;
                case ScoreOutcome.Away:
                    await Task.Delay(gate.OnAway(score.Cause, score.RetryAfter), time, takingStops);
                    continue;
            }

            var endpoint = await canary.AskAsync(time.GetTimestamp(), stoppingToken);
            if (!endpoint.ShowsWorkingEndpoint)
            {
                if (endpoint.Outcome != ScoreOutcome.Away)
                {
                    job.ForgetFaults();
                }

                await Task.Delay(gate.OnAway(score.Cause, score.RetryAfter ?? endpoint.RetryAfter), time, takingStops);
                continue;
            }

            gate.OnAnswered();
            if (score.Outcome == ScoreOutcome.Refused ? job.CountRefusal() : job.CountFault(_options, time))
            {
                await FinishAsync(job, score, UtteranceStatus.Failed, stoppingToken);
                return;
            }

            LogAttemptFailed(job.Key.Utterance.DeviceId, job.Key.Utterance.UtteranceId, job.Faults, score.Cause);
            var pause = gate.BackOff(Math.Max(job.Faults - 1, 0), score.RetryAfter);
            if (queue.TryRest())
            {
                // This caller is free for utterances that the endpoint can take.
                var rest = RestAsync(job, pause, takingStops);
                _rests.TryAdd(rest, 0);
                _ = rest.ContinueWith(done => _rests.TryRemove(done, out byte _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                return;
            }

            await Task.Delay(pause, time, takingStops);
        }
    }

    private async Task RestAsync(TranscriptionJob job, TimeSpan pause, CancellationToken takingStops)
    {
        try
        {
            do
            {
                await Task.Delay(pause, time, takingStops);
            }
            while (!queue.TryPutBack(job));
        }
        catch (OperationCanceledException) when (takingStops.IsCancellationRequested)
        {
            // The stop gives its row back to the database.
        }
        finally
        {
            queue.EndRest();
        }
    }

    private async Task FinishAsync(TranscriptionJob job, ScoreResult score, UtteranceStatus status, CancellationToken cancellationToken)
    {
        job.Audio.Dispose();
        instruments.OnTranscribed(status.ToString(), time.GetElapsedTime(job.AcceptedTimestamp));
        var (utterance, ownerEpoch, attempt) = job.Key;
        if (status == UtteranceStatus.Failed)
        {
            LogFailed(utterance.DeviceId, utterance.UtteranceId, score.Cause);
        }
        else
        {
            LogTranscribed(utterance.DeviceId, utterance.UtteranceId, score.Text.Length);
        }

        FaultPoint.Pass(FaultPoint.AfterResultBeforeWrite);
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
