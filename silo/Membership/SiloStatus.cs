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
    private string? _writesHeldReason;
    private bool _isDrained;
    private long _ownerEpoch;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

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

    /// <summary>Null when devices are taken, else why not: a drained silo answers programs and people only.</summary>
    public string? RefusesDevicesBecause
    {
        get
        {
            lock (_lock)
            {
                return RefusesCallsBecause ?? (_isDrained ? "The silo is drained; connect to another one." : null);
            }
        }
    }

    public bool IsDrained
    {
        get
        {
            lock (_lock)
            {
                return _isDrained;
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
                return RefusesDevicesBecause ?? _databaseAwayReason ?? _writesHeldReason;
            }
        }
    }

    /// <summary>Done when something of this changes the next time.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
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
            SignalChange_NeedsLock();
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
            SignalChange_NeedsLock();
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
            SignalChange_NeedsLock();
            return isNews;
        }
    }

    /// <summary>The database answers, perhaps, but takes no utterances: its disk is full, it is read-only. Kept apart, since it would be "back" with each ping.</summary>
    public void SetWritesHeld(string reason)
    {
        lock (_lock)
        {
            var isNews = _writesHeldReason is null;
            _writesHeldReason = reason;
            if (isNews)
            {
                SignalChange_NeedsLock();
            }
        }
    }

    public void SetWritesResumed()
    {
        lock (_lock)
        {
            if (_writesHeldReason is not null)
            {
                _writesHeldReason = null;
                SignalChange_NeedsLock();
            }
        }
    }

    public void SetDrained(bool isDrained)
    {
        lock (_lock)
        {
            _isDrained = isDrained;
            SignalChange_NeedsLock();
        }
    }

    public void SetFailed(string reason) => FailedBecause ??= reason;

    public async Task SetStoppingAsync()
    {
        await _stopping.CancelAsync();
        lock (_lock)
        {
            SignalChange_NeedsLock();
        }
    }

    public void Dispose() => _stopping.Dispose();

    private void SignalChange_NeedsLock()
    {
        _changed.SetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
