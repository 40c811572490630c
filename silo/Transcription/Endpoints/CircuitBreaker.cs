using Fleet.Silo.Telemetry;

namespace Fleet.Silo.Transcription;

/// <summary>
/// Whether a deployment is there, as its calls find. Open: nobody calls it, and utterances wait; then one call tries it, longer and longer apart, until it
/// answers. One log line says each change.
/// </summary>
internal sealed partial class CircuitBreaker(string name, TimeSpan longestPause, TimeProvider time, ILogger<CircuitBreaker> logger)
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);

    // What an endpoint asks for is given, up to this.
    private static readonly TimeSpan _longestAsked = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private string? _openBecause;
    private long _openSince;
    private long _opensAgainAt;
    private TimeSpan _pause;
    private int _failures;
    private bool _isProbing;

    /// <summary>Null while it is closed, else why it is open.</summary>
    public string? OpenBecause
    {
        get
        {
            lock (_lock)
            {
                return _openBecause;
            }
        }
    }

    /// <summary>It is open, and the next call may try the endpoint.</summary>
    public bool IsHalfOpen
    {
        get
        {
            lock (_lock)
            {
                return _openBecause is not null && !_isProbing && time.GetElapsedTime(_opensAgainAt) >= _pause;
            }
        }
    }

    /// <summary>Until it is half open; null = it is not open, or is being tried.</summary>
    public TimeSpan? UntilHalfOpen
    {
        get
        {
            lock (_lock)
            {
                return _openBecause is null || _isProbing ? null : _pause - time.GetElapsedTime(_opensAgainAt);
            }
        }
    }

    public void BeginProbe()
    {
        lock (_lock)
        {
            _isProbing = true;
        }
    }

    /// <summary>The probe ended without telling, as at a stop.</summary>
    public void EndProbe()
    {
        lock (_lock)
        {
            _isProbing = false;
        }
    }

    /// <summary>The endpoint answers. True when it did not before.</summary>
    public bool OnWorks()
    {
        TimeSpan away;
        lock (_lock)
        {
            _failures = 0;
            _isProbing = false;
            if (_openBecause is null)
            {
                return false;
            }

            _openBecause = null;
            away = time.GetElapsedTime(_openSince);
        }

        LogBack(name, away);
        return true;
    }

    /// <summary>The endpoint is away, or fails at everything.</summary>
    /// <param name="cause">None of the endpoint's words: it is logged and shown.</param>
    /// <param name="retryAfter">When it asks to be called again.</param>
    /// <param name="isProbe">The call that tried it.</param>
    public void OnAway(string cause, TimeSpan? retryAfter, bool isProbe)
    {
        lock (_lock)
        {
            var isNews = _openBecause is null;
            _openBecause = cause;
            if (isProbe)
            {
                _isProbing = false;
            }
            else if (!isNews)
            {
                // Calls that were in flight when it opened find what is known.
                return;
            }

            _pause = BackOff(_failures++, retryAfter, longestPause);
            _opensAgainAt = time.GetTimestamp();
            if (!isNews)
            {
                return;
            }

            _openSince = time.GetTimestamp();
        }

        LogAway(name, cause);
    }

    /// <summary>Doubles with each failure; half of it is chance, so that callers do not come back as one. Never sooner than it is asked for.</summary>
    public static TimeSpan BackOff(int failures, TimeSpan? retryAfter, TimeSpan longest)
    {
        if (retryAfter is { } asked && asked > TimeSpan.Zero)
        {
            return (asked < _longestAsked ? asked : _longestAsked) * (1 + (Random.Shared.NextDouble() / 10));
        }

        var delay = _firstPause * Math.Pow(2, Math.Min(failures, 20));
        return (delay < longest ? delay : longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    [LoggerMessage(EventIds.EndpointAway, LogLevel.Warning, "The scoring endpoint is away, utterances wait (deployment {Deployment}): {Reason}")]
    private partial void LogAway(string deployment, string reason);

    [LoggerMessage(EventIds.EndpointBack, LogLevel.Information, "The scoring endpoint answers again (deployment {Deployment}), after {AwayFor}.")]
    private partial void LogBack(string deployment, TimeSpan awayFor);
}
