using Microsoft.Extensions.Options;

namespace Fleet.Silo.Membership;

/// <summary>How the silo is: what health checks show, and what decides whether calls are taken.</summary>
internal sealed class SiloStatus : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private string? _startingReason = "The silo is starting.";
    private string? _databaseAwayReason;
    private long _ownerEpoch;

    public SiloStatus(IOptions<SiloOptions> options)
    {
        Name = options.Value.Name;
    }

    public string Name { get; }

    /// <summary>By which the rows of this silo are told from those of others.</summary>
    public long OwnerEpoch => Interlocked.Read(ref _ownerEpoch);

    /// <summary>Done once the database is migrated and this silo is a member.</summary>
    public Task Started => _started.Task;

    /// <summary>The graceful stop has begun.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Why the silo had to stop; null when it did not have to. Decides the exit code.</summary>
    public string? FailedBecause { get; private set; }

    /// <summary>Null when calls are taken, else why not.</summary>
    public string? RefusesCallsBecause
    {
        get
        {
            lock (_lock)
            {
                return _stopping.IsCancellationRequested ? "The silo is stopping; connect again." : _startingReason;
            }
        }
    }

    /// <summary>Null when ready, else why not.</summary>
    public string? NotReadyBecause
    {
        get
        {
            lock (_lock)
            {
                return RefusesCallsBecause ?? _databaseAwayReason;
            }
        }
    }

    public void SetStarting(string reason)
    {
        lock (_lock)
        {
            if (!_started.Task.IsCompleted)
            {
                _startingReason = reason;
            }
        }
    }

    public void SetMember(long ownerEpoch)
    {
        Interlocked.Exchange(ref _ownerEpoch, ownerEpoch);
        lock (_lock)
        {
            _startingReason = null;
            _databaseAwayReason = null;
        }

        _started.TrySetResult();
    }

    /// <summary>True when this is news.</summary>
    public bool SetDatabaseAway(string reason)
    {
        lock (_lock)
        {
            var isNews = _databaseAwayReason is null;
            _databaseAwayReason = reason;
            return isNews;
        }
    }

    /// <summary>True when this is news.</summary>
    public bool SetDatabaseBack()
    {
        lock (_lock)
        {
            var isNews = _databaseAwayReason is not null;
            _databaseAwayReason = null;
            return isNews;
        }
    }

    public void SetFailed(string reason) => FailedBecause ??= reason;

    public Task SetStoppingAsync() => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();
}
