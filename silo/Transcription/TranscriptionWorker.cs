using System.Collections.Concurrent;
using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>
/// Sends what waits to the deployments: at once while a place is free, in batches while they are busy, so that they always have work and nobody waits for nothing.
/// </summary>
internal sealed class TranscriptionWorker(
    TranscriptionQueue queue, ScoringDeployments deployments, BatchCaller caller, FleetInstruments instruments, IOptions<ScoringOptions> options, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan _shortestWait = TimeSpan.FromMilliseconds(1);

    private readonly ScoringOptions _options = options.Value;
    private readonly CancellationTokenSource _draining = new();
    private readonly ConcurrentDictionary<Task, byte> _calls = new();
    private int _busy;

    /// <summary>Calls that are in flight.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>Begins no more calls; those in flight go on.</summary>
    public Task StopTakingAsync()
    {
        deployments.Stop();
        return _draining.CancelAsync();
    }

    public override void Dispose()
    {
        _draining.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _draining.Token);
        try
        {
            while (true)
            {
                // Asked for before looking: what comes meanwhile is not missed.
                var changed = queue.Changed;
                var looked = time.GetTimestamp();
                while (!taking.IsCancellationRequested && TryStart(stoppingToken))
                {
                }

                await WaitAsync(changed, looked, taking.Token);
            }
        }
        catch (OperationCanceledException) when (taking.IsCancellationRequested)
        {
            // What waits here is given back to the database by the stop.
        }

        await Task.WhenAll(_calls.Keys);
    }

    private bool TryStart(CancellationToken stoppingToken)
    {
        queue.MayDisplace = deployments.AwayBecause is null;
        // Asked twice below: what the budget lacked once is worth another look when it comes, also if it came in between.
        deployments.All.ForEach(static one => one.LacksBudget = false);
        var isAged = queue.LongestWait() >= _options.BatchMaxAge;
        foreach (var deployment in deployments.InTurn())
        {
            if (deployment.Request(isAged) is { } request && queue.TryTake(request) is { } batch)
            {
                deployment.SharedUtterances += batch.Jobs.Count;
                Start(deployment, batch, stoppingToken);
                return true;
            }
        }

        foreach (var deployment in deployments.All)
        {
            if (MayWorkInTheBackground(deployment) && deployment.Request(isAged: false) is { FullOnly: false } request && queue.TryTakeBackground(Small(request)) is { } batch)
            {
                Start(deployment, batch, stoppingToken);
                return true;
            }
        }

        return false;
    }

    // A place stays free for whoever speaks next; a deployment that live speech does not use is not spared.
    private bool MayWorkInTheBackground(ScoringDeployment deployment) => deployment.Target.Weight == 0
        || (queue.Waiting == 0 && deployment.Limit.InFlight < Math.Max(1, deployment.Limit.Limit - 1));

    private static TakeRequest Small(TakeRequest request) => request with { Bounds = request.Bounds with { Utterances = Math.Max(1, request.Bounds.Utterances / 4) } };

    private void Start(ScoringDeployment deployment, BatchPlan batch, CancellationToken stoppingToken)
    {
        var isProbe = !deployment.IsThere;
        if (isProbe)
        {
            deployment.Breaker.BeginProbe();
        }
        else if (batch.Jobs.All(static job => job.Calls > 0))
        {
            deployment.Budget.TrySpend();
            instruments.OnExtraCall(nameof(ExtraCall.Retry));
        }
        else
        {
            deployment.Budget.OnFirstCall();
        }

        foreach (var job in batch.Jobs)
        {
            job.Calls++;
        }

        Interlocked.Increment(ref _busy);
        var ticket = deployment.Limit.Begin();
        var call = Task.Run(() => RunAsync(deployment, batch, ticket, isProbe, stoppingToken), CancellationToken.None);
        _calls.TryAdd(call, 0);
        _ = call.ContinueWith(done => _calls.TryRemove(done, out byte _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task RunAsync(ScoringDeployment deployment, BatchPlan batch, CallTicket ticket, bool isProbe, CancellationToken stoppingToken)
    {
        try
        {
            await caller.RunAsync(deployment, batch.Jobs, ticket, isProbe, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The stop has given its rows back.
        }
        finally
        {
            if (isProbe)
            {
                deployment.Breaker.EndProbe();
            }

            deployment.Limit.End();
            Interlocked.Decrement(ref _busy);
            queue.Poke();
        }
    }

    private async Task WaitAsync(Task changed, long looked, CancellationToken cancellationToken)
    {
        if (NextLook(looked) is not { } wait)
        {
            await changed.WaitAsync(cancellationToken);
            return;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(changed, Task.Delay(wait > _shortestWait ? wait : _shortestWait, time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>When something can be begun without anything new; null = only then.</summary>
    private TimeSpan? NextLook(long looked)
    {
        List<TimeSpan?> due = [queue.UntilRested(), _options.BatchMaxAge - queue.LongestWait(), .. deployments.All.Select(static one => one.Breaker.UntilHalfOpen)];
        // What was due at the last look was begun then, or is when a call ends; what has become due since is for another look, at once.
        var ago = time.GetElapsedTime(looked);
        due.RemoveAll(one => one <= -ago);
        if (queue.Waiting > 0 || queue.BackgroundWaiting > 0)
        {
            due.AddRange(deployments.All.Where(static one => one.LacksBudget).Select(static one => (TimeSpan?)one.Budget.UntilNext));
        }

        return due.Min();
    }
}
