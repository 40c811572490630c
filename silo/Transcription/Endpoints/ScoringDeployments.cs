using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>All deployments that are configured: shares by weight, and who steps in when one is away.</summary>
internal sealed partial class ScoringDeployments : IDisposable
{
    private readonly ILogger<ScoringDeployments> _logger;
    private readonly List<IDisposable> _owned = [];
    private bool _isFailedOver;

    public ScoringDeployments(
        IScoringClientFactory clients, FleetInstruments instruments, IOptions<ScoringOptions> options, TimeProvider time, ILoggerFactory loggers)
    {
        _logger = loggers.CreateLogger<ScoringDeployments>();
        var breakers = loggers.CreateLogger<CircuitBreaker>();
        foreach (var target in ScoringTarget.All(options.Value))
        {
            var client = clients.Create(target);
            var deployment = new ScoringDeployment(target, client, options.Value, instruments, time, breakers);
            All.Add(deployment);
            _owned.Add(deployment);
            if (client is IDisposable disposable)
            {
                _owned.Add(disposable);
            }
        }

        Watch(instruments);
    }

    public List<ScoringDeployment> All { get; } = [];

    /// <summary>Null while at least one takes live speech, else why none does.</summary>
    public string? AwayBecause => All.Exists(static one => one.IsThere) ? null : Reasons(All);

    /// <summary>Null while all are there; else which are not.</summary>
    public string? TroubledBecause => All.TrueForAll(static one => one.IsThere) ? null : Reasons(All.Where(static one => !one.IsThere));

    /// <summary>Those that may take live speech now, the one that is furthest behind its share first.</summary>
    public IReadOnlyList<ScoringDeployment> InTurn()
    {
        List<ScoringDeployment> taking = [.. All.Where(static one => one.Target.Weight > 0 && (one.IsThere || one.Breaker.IsHalfOpen))];
        var areThere = taking.Exists(static one => one.IsThere);
        if (!areThere)
        {
            // Those that get nothing else stand in; whoever is to be tried is tried beside them.
            taking.AddRange(All.Where(static one => one.Target.Weight == 0 && (one.IsThere || one.Breaker.IsHalfOpen)));
        }

        SayFailover(!areThere && taking.Exists(static one => one.Target.Weight == 0 && one.IsThere));
        taking.Sort(static (a, b) => (a.SharedUtterances / Weight(a)).CompareTo(b.SharedUtterances / Weight(b)));
        return taking;
    }

    /// <summary>One came or went: nobody is to catch up what others did for it.</summary>
    public void ShareAnew() => All.ForEach(static one => one.SharedUtterances = 0);

    public void Stop() => All.ForEach(static one => one.Stop());

    public void Dispose() => _owned.ForEach(static one => one.Dispose());

    private static double Weight(ScoringDeployment one) => Math.Max(1, one.Target.Weight);

    private static string Reasons(IEnumerable<ScoringDeployment> away)
    {
        List<ScoringDeployment> all = [.. away];
        return all is [{ Target.Name: ScoringTarget.OnlyName } only]
            ? only.Breaker.OpenBecause ?? ""
            : string.Join("; ", all.Select(static one => $"{one.Target.Name}: {one.Breaker.OpenBecause}"));
    }

    private void SayFailover(bool isFailedOver)
    {
        if (isFailedOver == _isFailedOver)
        {
            return;
        }

        _isFailedOver = isFailedOver;
        if (isFailedOver)
        {
            LogFailedOver(Reasons(All.Where(static one => !one.IsThere)));
        }
        else
        {
            LogFailedBack();
        }
    }

    private void Watch(FleetInstruments instruments)
    {
        System.Diagnostics.Metrics.Measurement<int> Measure(ScoringDeployment one, int value) => new(value, new KeyValuePair<string, object?>("deployment", one.Target.Name));
        var meter = instruments.Meter;
        meter.CreateObservableGauge("fleet.transcription.in_flight", () => All.Select(one => Measure(one, one.Limit.InFlight)), "{call}", "Calls in flight, by deployment.");
        meter.CreateObservableGauge("fleet.transcription.in_flight.limit", () => All.Select(one => Measure(one, one.Limit.Limit)), "{call}", "Calls at a time, as learned.");
        meter.CreateObservableGauge("fleet.transcription.deployment.away", () => All.Select(one => Measure(one, one.IsThere ? 0 : 1)), "{deployment}", "1 while it is not called.");
    }

    [LoggerMessage(EventIds.FailedOver, LogLevel.Warning, "Deployments of weight 0 stand in for those that are away: {Reasons}")]
    private partial void LogFailedOver(string reasons);

    [LoggerMessage(EventIds.FailedBack, LogLevel.Information, "Deployments of weight 0 do not stand in any more.")]
    private partial void LogFailedBack();
}
