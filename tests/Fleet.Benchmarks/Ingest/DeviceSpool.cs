using System.Diagnostics;

namespace Fleet.Benchmarks.Ingest;

/// <summary>What a simulated device has spoken and not yet seen stored: in order, what waits and what is on its way.</summary>
internal sealed class DeviceSpool(TimeProvider time, int maxInFlight)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, Spoken> _waiting = [];
    private readonly Dictionary<string, Spoken> _inFlight = [];
    private readonly Signal _changed = new();
    private ulong _nextSequenceNumber = 1;
    private bool _isEndless;

    public ulong NextSequenceNumber
    {
        get
        {
            lock (_lock)
            {
                return _nextSequenceNumber;
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count + _inFlight.Count;
            }
        }
    }

    /// <summary>Everything with a lower number is stored.</summary>
    public ulong SettledBelow
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Values.Concat(_inFlight.Values).Select(spoken => spoken.SequenceNumber).Append(_nextSequenceNumber).Min();
            }
        }
    }

    /// <summary>Whenever nothing waits, there is more to say.</summary>
    public void SetEndless(bool isEndless)
    {
        lock (_lock)
        {
            _isEndless = isEndless;
        }

        _changed.Set();
    }

    public void Speak(bool isLive)
    {
        lock (_lock)
        {
            AddNew_NeedsLock(isLive);
        }

        _changed.Set();
    }

    /// <summary>The next to be sent, once one more may be on its way.</summary>
    public async Task<Spoken> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _changed.Next;
            var pause = Timeout.InfiniteTimeSpan;
            lock (_lock)
            {
                if (_inFlight.Count < maxInFlight)
                {
                    if (_waiting.Count == 0 && _isEndless)
                    {
                        AddNew_NeedsLock(isLive: false);
                    }

                    if (_waiting.Count > 0)
                    {
                        var next = _waiting.First().Value;
                        var wait = next.NotBefore - Stopwatch.GetTimestamp();
                        if (wait <= 0)
                        {
                            _waiting.Remove(next.SequenceNumber);
                            next.Refused = false;
                            _inFlight.Add(next.Id, next);
                            return next;
                        }

                        pause = TimeSpan.FromSeconds((double)wait / Stopwatch.Frequency) + TimeSpan.FromMilliseconds(1);
                    }
                }
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(changed, Task.Delay(pause, time, waiting.Token));
            await waiting.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Everything that was sent is answered.</summary>
    public async Task WaitUntilAnsweredAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _changed.Next;
            lock (_lock)
            {
                if (_inFlight.Count == 0)
                {
                    return;
                }
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The utterance, when it was on its way.</summary>
    public Spoken? Stored(string id)
    {
        Spoken? spoken;
        lock (_lock)
        {
            _inFlight.Remove(id, out spoken);
        }

        _changed.Set();
        return spoken;
    }

    public void Refused(string id)
    {
        lock (_lock)
        {
            if (_inFlight.Remove(id, out var spoken))
            {
                spoken.Refuse();
                _waiting.Add(spoken.SequenceNumber, spoken);
            }
        }

        _changed.Set();
    }

    /// <summary>The session is over: what was on its way is sent again.</summary>
    public void PutBack()
    {
        lock (_lock)
        {
            foreach (var spoken in _inFlight.Values)
            {
                _waiting.Add(spoken.SequenceNumber, spoken);
            }

            _inFlight.Clear();
        }

        _changed.Set();
    }

    public async Task WaitUntilEmptyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var changed = _changed.Next;
            if (Count == 0)
            {
                return;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    private void AddNew_NeedsLock(bool isLive)
    {
        Spoken spoken = new(_nextSequenceNumber++, time, isLive);
        _waiting.Add(spoken.SequenceNumber, spoken);
    }
}
