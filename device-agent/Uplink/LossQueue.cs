using Fleet.DeviceAgent.Spool;
using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Decides which loss is reported next: oldest first, few at a time. The spool keeps them until the cloud has committed each. Does no I/O.
/// Thread safe.
/// </summary>
internal sealed class LossQueue(UtteranceSpool spool, UplinkOptions options, TimeProvider time, Func<double> random)
{
    // The protocol's bound.
    private const int MaxDetailLength = 256;

    // A cluster ends sessions that send too many messages without audio; a spool of a gigabyte that is lost has tens of thousands of these.
    private const int MaxPerSecond = 32;

    private readonly Lock _lock = new();
    private readonly Queue<SpoolLoss> _next = [];
    private readonly HashSet<string> _inFlight = [];
    private readonly Backoff _backoff = new(options.MinBackoff, options.MaxBackoff, random);
    private TimeSpan _hold;
    private long _heldAt;
    private long _secondBeganAt;
    private int _sentInSecond;
    private bool _isOpen;
    private bool _isRead;

    /// <summary>Losses reported in this session and not answered.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _inFlight.Count;
            }
        }
    }

    /// <param name="isSupported">The cloud takes losses; else they wait for one that does.</param>
    public void OnSessionOpened(bool isSupported)
    {
        lock (_lock)
        {
            _isOpen = isSupported;
            _isRead = false;
        }
    }

    /// <summary>What was not answered is reported again.</summary>
    public void OnSessionEnded()
    {
        lock (_lock)
        {
            _isOpen = false;
            _next.Clear();
            _inFlight.Clear();
        }
    }

    /// <summary>There may be a new one.</summary>
    public void OnSpoolChanged() => Volatile.Write(ref _isRead, false);

    /// <summary>The next loss to report, counted as reported.</summary>
    public bool TryNext(out SpoolLoss? loss)
    {
        lock (_lock)
        {
            loss = null;
            if (!_isOpen || _inFlight.Count >= options.MaxLossesInFlight || WaitsFor_NeedsLock() > TimeSpan.Zero)
            {
                return false;
            }

            if (_next.Count == 0 && !_isRead)
            {
                // Before it is read: a loss that comes meanwhile is read the next time.
                _isRead = true;
                foreach (var each in spool.Losses)
                {
                    if (!_inFlight.Contains(each.UtteranceId))
                    {
                        _next.Enqueue(each);
                    }
                }
            }

            if (!_next.TryDequeue(out loss))
            {
                return false;
            }

            _sentInSecond++;
            return _inFlight.Add(loss.UtteranceId);
        }
    }

    /// <summary>Whether it was reported in this session and is not answered.</summary>
    public bool IsInFlight(string utteranceId)
    {
        lock (_lock)
        {
            return _inFlight.Contains(utteranceId);
        }
    }

    /// <summary>Committed, or refused for good, and forgotten by the spool: before that it would be reported again.</summary>
    public void OnAnswered(string utteranceId)
    {
        lock (_lock)
        {
            _inFlight.Remove(utteranceId);
            _backoff.Reset();
            _hold = TimeSpan.Zero;
        }
    }

    /// <summary>Not now: nothing is reported for the wait that is returned. Null when it was not reported in this session.</summary>
    public TimeSpan? OnRetry(string utteranceId)
    {
        lock (_lock)
        {
            if (!_inFlight.Remove(utteranceId))
            {
                return null;
            }

            _isRead = false;
            if (HeldFor_NeedsLock() <= TimeSpan.Zero)
            {
                // Those that were reported together and refused together count once.
                _hold = _backoff.Next();
                _heldAt = time.GetTimestamp();
            }

            return HeldFor_NeedsLock();
        }
    }

    /// <summary>When reporting may go on; null when it is not held back.</summary>
    public TimeSpan? NextRetryIn()
    {
        lock (_lock)
        {
            return _isOpen && WaitsFor_NeedsLock() is var wait && wait > TimeSpan.Zero ? wait : null;
        }
    }

    public static UtteranceLost ToMessage(SpoolLoss loss) => new()
    {
        UtteranceId = loss.UtteranceId,
        SequenceNumber = loss.SequenceNumber,
        StartedAtUnixMs = loss.StartedAtUnixMs,
        Clock = loss.Clock,
        Trigger = loss.Trigger,
        Reason = loss.Reason,
        Detail = Bounded(loss.Detail),
        LengthBytes = (ulong)Math.Max(loss.LengthBytes, 0),
    };

    private TimeSpan WaitsFor_NeedsLock()
    {
        var second = time.GetElapsedTime(_secondBeganAt);
        if (_sentInSecond > 0 && second >= TimeSpan.FromSeconds(1))
        {
            _sentInSecond = 0;
        }

        if (_sentInSecond == 0)
        {
            _secondBeganAt = time.GetTimestamp();
        }

        var pace = _sentInSecond >= MaxPerSecond ? TimeSpan.FromSeconds(1) - second : TimeSpan.Zero;
        return HeldFor_NeedsLock() is var held && held > pace ? held : pace;
    }

    private TimeSpan HeldFor_NeedsLock() => _hold == TimeSpan.Zero ? TimeSpan.Zero : _hold - time.GetElapsedTime(_heldAt);

    // The protocol's bound, and no line breaks: it ends in logs and tables.
    private static string Bounded(string text)
    {
        var clean = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return clean.Length <= MaxDetailLength ? clean : clean[..MaxDetailLength];
    }
}
