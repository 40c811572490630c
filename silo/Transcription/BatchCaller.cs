using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>
/// Has a batch recognised by a deployment and settles each of its utterances. An endpoint that is away, or that fails at everything, makes utterances wait; only
/// what it refuses or keeps failing at while it works is failed.
/// </summary>
internal sealed partial class BatchCaller(
    ScoringDeployments deployments, JobSettler settler, FleetInstruments instruments, IOptions<ScoringOptions> options, TimeProvider time, ILogger<BatchCaller> logger)
{
    private readonly ScoringOptions _options = options.Value;

    /// <summary>Returns when each job is settled, or waits again.</summary>
    public async Task RunAsync(ScoringDeployment deployment, IReadOnlyList<TranscriptionJob> jobs, CallTicket ticket, bool isProbe, CancellationToken cancellationToken)
    {
        // All of them are put back if something breaks that nobody has thought of.
        HashSet<TranscriptionJob> open = [.. jobs];
        try
        {
            FaultPoint.Pass(FaultPoint.BeforeCall);
            foreach (var job in jobs.Where(static job => job.Pcm.IsEmpty))
            {
                open.Remove(job);
                await settler.FinishAsync(job, new ScoreResult(ScoreOutcome.Recognised), cancellationToken);
            }

            if (open.Count > 0)
            {
                await CallAsync(new Call(deployment, ticket, isProbe, open), [.. jobs.Where(open.Contains)], cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogBroken(exception, open.Count);
            foreach (var job in open)
            {
                settler.Rest(job, _options.MaxBackOff);
            }
        }
    }

    private async Task CallAsync(Call call, IReadOnlyList<TranscriptionJob> jobs, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var requestId = NewRequestId();
        LogSent(requestId, jobs.Count, call.Deployment.Target.Name);
        var result = await call.Deployment.CallAsync(jobs, call.Ticket, requestId, mayRepeat: true, cancellationToken);
        if (result.IsAnswer)
        {
            await SettleAsync(call, jobs, result, began, cancellationToken);
            return;
        }

        LogFaulty(requestId, jobs.Count, call.Deployment.Target.Name, result.Whole.Cause);
        if (CallRules.IsAway(result.Fault))
        {
            OnAway(call, result.Whole, null);
            return;
        }

        if (result.Fault == CallFault.TooLarge && jobs.Count > 1)
        {
            OnWorks(call.Deployment);
            Shrink(call, jobs, TimeSpan.Zero);
            return;
        }

        if (!await WorksAsync(call, result.Whole, began, cancellationToken))
        {
            return;
        }

        if (result.Fault == CallFault.TimedOut)
        {
            foreach (var job in jobs)
            {
                call.Open.Remove(job);
                await settler.OnTimedOutAsync(job, jobs.Count, result.Whole, cancellationToken);
            }
        }
        else if (jobs.Count == 1)
        {
            call.Open.Remove(jobs[0]);
            await settler.BlameAsync(jobs[0], result.Whole with { RequestId = requestId }, cancellationToken);
        }
        else if (result.Fault == CallFault.Unavailable)
        {
            // It had no room. If one of them is the reason, it shows when they are fewer.
            Shrink(call, jobs, CircuitBreaker.BackOff(0, result.Whole.RetryAfter, _options.MaxBackOff));
        }
        else
        {
            await SearchAsync(call, jobs, cancellationToken);
        }
    }

    /// <summary>There is an answer: most have their result, some may have none.</summary>
    private async Task SettleAsync(Call call, IReadOnlyList<TranscriptionJob> jobs, CallResult result, long began, CancellationToken cancellationToken)
    {
        if (result.ShowsWorkingEndpoint)
        {
            OnWorks(call.Deployment);
        }

        List<(TranscriptionJob Job, ScoreResult Score)> without = [];
        foreach (var (job, score) in jobs.Zip(result.Items))
        {
            if (score.Outcome == ScoreOutcome.Recognised || (score.Outcome == ScoreOutcome.Refused && score.IsAboutUtterance))
            {
                call.Open.Remove(job);
                await settler.FinishAsync(job, score, cancellationToken);
            }
            else
            {
                without.Add((job, score));
            }
        }

        if (without.Count == 0 || (!result.ShowsWorkingEndpoint && !await WorksAsync(call, without[0].Score, began, cancellationToken)))
        {
            return;
        }

        foreach (var (job, score) in without)
        {
            call.Open.Remove(job);
            await (score.IsLate ? settler.OnTimedOutAsync(job, jobs.Count, score, cancellationToken) : settler.BlameAsync(job, score, cancellationToken));
        }
    }

    /// <summary>The endpoint works, and fails at this batch: which of them is it?</summary>
    private async Task SearchAsync(Call call, IReadOnlyList<TranscriptionJob> jobs, CancellationToken cancellationToken)
    {
        var faults = new Dictionary<TranscriptionJob, ScoreResult>();
        var isAnySettled = false;
        var search = new PoisonSearch(
            async part =>
            {
                instruments.OnExtraCall(nameof(ExtraCall.Split));
                var (began, requestId) = (time.GetTimestamp(), NewRequestId());
                LogSent(requestId, part.Count, call.Deployment.Target.Name);
                var result = await call.Deployment.CallAsync(part, call.Ticket, requestId, mayRepeat: false, cancellationToken);
                if (result.IsAnswer)
                {
                    isAnySettled = true;
                    await SettleAsync(call, part, result, began, cancellationToken);
                    return PoisonSearch.Verdict.Fine;
                }

                if (result.Fault is not (CallFault.Refused or CallFault.Failed))
                {
                    return PoisonSearch.Verdict.Unclear;
                }

                if (part.Count == 1)
                {
                    faults[part[0]] = result.Whole with { RequestId = requestId };
                }

                return PoisonSearch.Verdict.Faulty;
            },
            jobs.Count);
        await search.RunAsync(jobs);
        LogSearched(jobs.Count, search.Calls, search.Found.Count);
        foreach (var job in search.Found)
        {
            call.Open.Remove(job);
            if (isAnySettled && faults[job].Outcome == ScoreOutcome.Refused)
            {
                // It took the others in the same minute: that is as good as to refuse it twice.
                job.CountRefusal();
            }

            await settler.BlameAsync(job, faults[job], cancellationToken);
        }

        Shrink(call, [.. search.Open.Where(call.Open.Contains)], CircuitBreaker.BackOff(0, null, _options.MaxBackOff));
    }

    /// <summary>Whether the endpoint works, as half a second of noise tells. If not, all that is open waits.</summary>
    private async Task<bool> WorksAsync(Call call, ScoreResult fault, long began, CancellationToken cancellationToken)
    {
        instruments.OnExtraCall(nameof(ExtraCall.Canary));
        var endpoint = await call.Deployment.Canary.AskAsync(Math.Max(began + 1, time.GetTimestamp()), cancellationToken);
        if (endpoint.ShowsWorkingEndpoint)
        {
            OnWorks(call.Deployment);
            return true;
        }

        if (!CallRules.IsAway(endpoint.Fault))
        {
            foreach (var job in call.Open)
            {
                job.ForgetFaults();
            }
        }

        OnAway(call, fault, endpoint.Whole.RetryAfter);
        return false;
    }

    private void OnWorks(ScoringDeployment deployment)
    {
        if (deployment.Breaker.OnWorks())
        {
            deployments.ShareAnew();
        }
    }

    private void OnAway(Call call, ScoreResult fault, TimeSpan? retryAfter)
    {
        call.Deployment.Breaker.OnAway(fault.Cause, fault.RetryAfter ?? retryAfter, call.IsProbe);
        foreach (var job in call.Open)
        {
            settler.PutBack(job);
        }

        call.Open.Clear();
    }

    private void Shrink(Call call, IReadOnlyList<TranscriptionJob> jobs, TimeSpan pause)
    {
        foreach (var job in jobs)
        {
            job.MaxCompany = Math.Max(1, Math.Min(job.MaxCompany, jobs.Count / 2));
            call.Open.Remove(job);
            settler.Rest(job, pause);
        }
    }

    // 32 of the 40 characters that Azure keeps.
    private string NewRequestId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    private sealed record Call(ScoringDeployment Deployment, CallTicket Ticket, bool IsProbe, HashSet<TranscriptionJob> Open);

    [LoggerMessage(EventIds.BatchSent, LogLevel.Debug, "Request {RequestId}: {Count} utterances go to deployment {Deployment}.")]
    private partial void LogSent(string requestId, int count, string deployment);

    [LoggerMessage(EventIds.BatchFailed, LogLevel.Debug, "Request {RequestId}: {Count} utterances have no answer of deployment {Deployment}: {Reason}")]
    private partial void LogFaulty(string requestId, int count, string deployment, string reason);

    [LoggerMessage(EventIds.BatchSearched, LogLevel.Information, "A batch of {Count} utterances failed as a whole; {Calls} calls found {Found} at which the endpoint fails.")]
    private partial void LogSearched(int count, int calls, int found);

    [LoggerMessage(EventIds.CallBroken, LogLevel.Error, "A call broke in an unexpected way; its {Count} utterances are tried again.")]
    private partial void LogBroken(Exception exception, int count);
}
