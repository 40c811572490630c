namespace Fleet.Testing.Time;

/// <summary>
/// A clock that only the test moves. Timers fire on the thread that calls <see cref="Advance"/>, in the order in which they are due.
/// The wall clock can be stepped apart from the monotonic one, as NTP does on a device that booted without a battery clock.
/// </summary>
public sealed class FakeTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _armed = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiters = [];
    private TimeSpan _elapsed = TimeSpan.Zero;
    private DateTimeOffset _wallAtZero;
    private long _order;

    public FakeTimeProvider(DateTimeOffset? start = null)
    {
        _wallAtZero = start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers wait to fire; for messages of tests that time out.</summary>
    public int ArmedTimers
    {
        get
        {
            lock (_lock)
            {
                return _armed.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _wallAtZero + _elapsed;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _elapsed.Ticks;
        }
    }

    /// <summary>Lets time pass: both clocks move and what is due fires.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan until;
        lock (_lock)
        {
            until = _elapsed + by;
        }

        while (true)
        {
            FakeTimer? due;
            lock (_lock)
            {
                due = _armed.Where(timer => timer.DueAt <= until)
                    .OrderBy(timer => timer.DueAt).ThenBy(timer => timer.Order).FirstOrDefault();
                if (due is null)
                {
                    _elapsed = until;
                    return;
                }

                _elapsed = due.DueAt > _elapsed ? due.DueAt : _elapsed;
                _armed.Remove(due);
                if (due.Period > TimeSpan.Zero)
                {
                    Arm_NeedsLock(due, due.Period);
                }
            }

            due.Fire();
        }
    }

    /// <summary>Steps the wall clock only; no timer fires, elapsed time stays.</summary>
    public void StepWallClock(TimeSpan by)
    {
        lock (_lock)
        {
            _wallAtZero += by;
        }
    }

    /// <summary>Done as soon as at least <paramref name="count"/> timers wait: the code under test has reached its delay.</summary>
    public async Task WaitForTimersAsync(int count, TimeSpan? timeout = null)
    {
        Task reached;
        lock (_lock)
        {
            if (_armed.Count >= count)
            {
                return;
            }

            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, waiter));
            reached = waiter.Task;
        }

        try
        {
            await reached.WaitAsync(timeout ?? TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited for {count} armed timers; there are {ArmedTimers}.");
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private void Arm_NeedsLock(FakeTimer timer, TimeSpan dueTime)
    {
        timer.DueAt = _elapsed + dueTime;
        timer.Order = _order++;
        _armed.Add(timer);
        for (var i = _waiters.Count - 1; i >= 0; i--)
        {
            if (_armed.Count >= _waiters[i].Count)
            {
                _waiters[i].Reached.TrySetResult();
                _waiters.RemoveAt(i);
            }
        }
    }

    private sealed class FakeTimer(FakeTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private bool _disposed;

        public TimeSpan DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public long Order { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                if (_disposed)
                {
                    return false;
                }

                clock._armed.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    clock.Arm_NeedsLock(this, dueTime);
                }

                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                _disposed = true;
                clock._armed.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
