using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>Whether the endpoint is there, as its callers find: while it is not they wait together, longer and longer, and one log line says so.</summary>
internal sealed partial class EndpointGate(IOptions<ScoringOptions> options, TimeProvider time, ILogger<EndpointGate> logger)
{
    private static readonly TimeSpan _firstBackOff = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private long _awaySince;
    private int _failures;

    /// <summary>Null while the endpoint answers, else why it does not.</summary>
    public string? AwayBecause { get; private set; }

    public void OnAnswered()
    {
        lock (_lock)
        {
            if (AwayBecause is null)
            {
                return;
            }

            AwayBecause = null;
            _failures = 0;
        }

        LogBack(time.GetElapsedTime(_awaySince));
    }

    /// <summary>How long to wait before the next try.</summary>
    public TimeSpan OnAway(string reason, TimeSpan? retryAfter)
    {
        bool isNews;
        int failures;
        lock (_lock)
        {
            isNews = AwayBecause is null;
            AwayBecause = reason;
            failures = _failures++;
            if (isNews)
            {
                _awaySince = time.GetTimestamp();
            }
        }

        if (isNews)
        {
            LogAway(reason);
        }

        return BackOff(failures, retryAfter);
    }

    /// <summary>Doubles with each failure; half of it is chance, so that callers do not come back as one.</summary>
    public TimeSpan BackOff(int failures, TimeSpan? retryAfter = null)
    {
        var limit = options.Value.MaxBackOff;
        var delay = retryAfter is { } asked && asked > TimeSpan.Zero ? asked : _firstBackOff * Math.Pow(2, Math.Min(failures, 20));
        return (delay < limit ? delay : limit) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    [LoggerMessage(EventIds.EndpointAway, LogLevel.Warning, "The scoring endpoint is away, utterances wait: {Reason}")]
    private partial void LogAway(string reason);

    [LoggerMessage(EventIds.EndpointBack, LogLevel.Information, "The scoring endpoint answers again after {AwayFor}.")]
    private partial void LogBack(TimeSpan awayFor);
}
