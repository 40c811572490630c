using Fleet.Silo.Telemetry;
using Polly;
using Polly.Retry;

namespace Fleet.Silo.Transcription;

/// <summary>One deployment as it is known by now: whether it is there, how many calls it takes, what they cost, how large they may be.</summary>
internal sealed class ScoringDeployment : IDisposable
{
    // Unknown endpoints get two calls: one that is at work and one that shows whether there is room for more.
    private const int FirstLimit = 2;
    private const int MostRepeats = 2;

    // Of what is beyond 1, with each answer: half is forgotten after seven.
    private const double StretchKept = 0.9;

    // A machine that slept says nothing about the endpoint.
    private const double MostStretch = 10;

    private static readonly TimeSpan _firstRepeat = TimeSpan.FromMilliseconds(200);

    private readonly IScoringClient _client;
    private readonly FleetInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<CallResult> _repeats;
    private readonly BatchSize _size;
    private volatile bool _isStopping;
    private volatile bool _hasAnswered;

    // How many times as long calls have taken of late as they would alone: they wait for each other, and for those of other callers.
    private double _stretch = 1;

    public ScoringDeployment(
        ScoringTarget target, IScoringClient client, ScoringOptions options, FleetInstruments instruments, TimeProvider time, ILogger<CircuitBreaker> logger)
    {
        Target = target;
        _client = client;
        _instruments = instruments;
        _time = time;
        Breaker = new CircuitBreaker(target.Name, options.MaxBackOff, time, logger);
        Limit = new InFlightLimit(target.ConcurrentRequests > 0 ? target.ConcurrentRequests : FirstLimit, target.Ceiling);
        Budget = new RetryBudget(options.RetryPercent / 100.0, options.MaxBackOff, time);
        Canary = new EndpointCanary(client, time);
        _size = new BatchSize(options.BatchBounds);
        _repeats = new ResiliencePipelineBuilder<CallResult> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<CallResult>
            {
                MaxRetryAttempts = MostRepeats,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = _firstRepeat < options.MaxBackOff ? _firstRepeat : options.MaxBackOff,
                MaxDelay = options.MaxBackOff,
                // The last one asks too, and must not spend what it cannot use.
                ShouldHandle = args => ValueTask.FromResult(
                    args.Outcome.Result is { IsAnswer: false } result && !_isStopping && args.AttemptNumber < CallRules.Repeats(result) && Budget.TrySpend()),
                DelayGenerator = static args => ValueTask.FromResult(
                    args.Outcome.Result?.Whole.RetryAfter is { } asked && asked > TimeSpan.Zero ? CircuitBreaker.BackOff(0, asked, asked) : (TimeSpan?)null),
                OnRetry = args =>
                {
                    _instruments.OnExtraCall(nameof(ExtraCall.Retry));
                    return default;
                },
            })
            .Build();
    }

    public ScoringTarget Target { get; }

    public CircuitBreaker Breaker { get; }

    public InFlightLimit Limit { get; }

    public RetryBudget Budget { get; }

    public CostModel Cost { get; } = new();

    public EndpointCanary Canary { get; }

    /// <summary>Utterances that it got since shares were counted anew.</summary>
    public long SharedUtterances { get; set; }

    /// <summary>Asked for a request since this was set to false, it could only take one with something fresh.</summary>
    public bool LacksBudget { get; set; }

    public bool IsThere => Breaker.OpenBecause is null;

    /// <summary>What it could take now; null = nothing.</summary>
    /// <param name="isAged">The oldest has waited for long enough.</param>
    public TakeRequest? Request(bool isAged)
    {
        var (inFlight, limit) = (Limit.InFlight, Limit.Limit);
        // What was sent before may go without budget, one call at a time, while answers come: that is no storm, and an endpoint that is well is not kept waiting.
        var lacksBudget = IsThere && !Budget.HasLeft && (inFlight > 0 || !_hasAnswered);
        LacksBudget |= lacksBudget;
        // A call takes as much longer than it would alone as those before it did: it is not to come too late.
        var bounds = _size.Bounds with { LongestCall = Target.Timeout / 2 / Volatile.Read(ref _stretch) };
        if (!IsThere)
        {
            // One utterance tells as much as many.
            return Breaker.IsHalfOpen ? new TakeRequest(Target.Name, bounds with { Utterances = 1 }, Target.Format, Cost) : null;
        }

        return inFlight >= Limit.FullLimit ? null : new TakeRequest(Target.Name, bounds, Target.Format, Cost)
        {
            FreePlaces = Math.Max(1, limit - inFlight),
            FullOnly = inFlight >= limit && !isAged,
            NeedsFresh = lacksBudget,
        };
    }

    /// <summary>One call, with the repeats that it deserves and the budget has.</summary>
    public async Task<CallResult> CallAsync(
        IReadOnlyList<TranscriptionJob> jobs, CallTicket ticket, string requestId, bool mayRepeat, CancellationToken cancellationToken)
    {
        List<ScoreInput> inputs = [.. jobs.Select(static job => new ScoreInput(job.Key.Utterance.UtteranceId, job.Pcm))];
        var shape = new BatchShape(jobs.Count, jobs.Sum(static job => job.Seconds), jobs.Max(static job => job.Seconds));
        return !mayRepeat ? await CallOnceAsync(inputs, shape, ticket, requestId, cancellationToken) : await _repeats.ExecuteAsync(
            async (state, token) => await CallOnceAsync(state.inputs, state.shape, state.ticket, state.requestId, token),
            (inputs, shape, ticket, requestId),
            cancellationToken);
    }

    /// <summary>No repeats any more.</summary>
    public void Stop() => _isStopping = true;

    public void Dispose() => Canary.Dispose();

    private async ValueTask<CallResult> CallOnceAsync(
        List<ScoreInput> inputs, BatchShape shape, CallTicket ticket, string requestId, CancellationToken cancellationToken)
    {
        var expected = Cost.Expect(shape);
        var started = _time.GetTimestamp();
        var result = await _client.ScoreAsync(inputs, requestId, cancellationToken);
        var took = _time.GetElapsedTime(started);
        _instruments.OnCalled(Target.Name, result.IsAnswer ? "Answered" : result.Fault.ToString(), took, shape.Utterances, shape.Seconds, result.SentBytes);
        if (result.BandwidthDelayMs > 0)
        {
            _instruments.OnBandwidthDelayed(Target.Name, TimeSpan.FromMilliseconds(result.BandwidthDelayMs));
        }

        var isLate = result.Fault == CallFault.TimedOut || result.Items.Any(static item => item.IsLate);
        _hasAnswered = result.IsAnswer && !isLate;
        if (isLate || CallRules.IsOverload(result.Fault))
        {
            Limit.OnOverloaded(ticket);
        }
        else if (result.IsAnswer)
        {
            Cost.Observe(shape, took);
            Limit.OnAnswered(ticket, took, expected);
            _size.OnAnswered(shape.Utterances, result.RequestBytes);
        }

        if (isLate)
        {
            _size.OnTimedOut(shape.Utterances);
        }
        else if (result.Fault == CallFault.TooLarge)
        {
            _size.OnTooLarge(result.RequestBytes, shape.Utterances);
        }

        if (expected is { Ticks: > 0 } alone && (isLate || result.IsAnswer))
        {
            Volatile.Write(ref _stretch, Math.Clamp(took / alone, 1 + ((Volatile.Read(ref _stretch) - 1) * StretchKept), MostStretch));
        }

        return result.IsAnswer ? result with { Items = [.. result.Items.Select(item => item with { Took = took })] } : result;
    }
}
