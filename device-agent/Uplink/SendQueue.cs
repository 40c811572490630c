using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Decides what a device sends next. What is being said now goes first, then what was begun, then the backlog, oldest first. Never more
/// audio unanswered than the credit; an utterance is begun only if the credit has room for all of it beside what is in flight, since two
/// halves that wait for each other's credit would wait for ever. Does no I/O. Thread safe.
/// </summary>
internal sealed partial class SendQueue(UplinkOptions options, TimeProvider time, Func<double> random, ClockCorrection? clock = null)
{
    private const int BytesPerSecond = 32_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, WaitingUtterance> _waiting = [];
    private readonly List<UtteranceFlight> _flights = [];
    private WaitingUtterance? _newest;
    private long _creditBytes;
    private bool _isOpen;
    private bool _isDraining;

    /// <summary>Utterances begun in this session and not answered.</summary>
    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _flights.Count;
            }
        }
    }

    /// <summary>Bytes of audio sent and not answered.</summary>
    public long UnackedBytes
    {
        get
        {
            lock (_lock)
            {
                return Unacked_NeedsLock();
            }
        }
    }

    /// <param name="entry">What is to be sent.</param>
    /// <param name="isOfAnEarlierRun">An earlier run left it, and may have sent some of it.</param>
    public void Add(SpoolEntry entry, bool isOfAnEarlierRun = false)
    {
        lock (_lock)
        {
            var waiting = new WaitingUtterance(entry, new Backoff(options.MinBackoff, options.MaxBackoff, random))
            {
                MayBeAtTheCloud = isOfAnEarlierRun,
                IsOfAnEarlierRun = isOfAnEarlierRun,
            };
            _waiting[entry.SequenceNumber] = waiting;

            // One recorder a device: only the newest can be open.
            if (_newest is null || entry.SequenceNumber >= _newest.Entry.SequenceNumber)
            {
                _newest = waiting;
            }
        }
    }

    /// <param name="creditBytes">The window.</param>
    /// <param name="canAsk">The cloud can say where utterances stand: what may be there already waits for that.</param>
    public void OnSessionOpened(long creditBytes, bool canAsk = false)
    {
        lock (_lock)
        {
            _creditBytes = creditBytes;
            _isDraining = false;
            _isOpen = true;
            foreach (var waiting in _waiting.Values)
            {
                waiting.IsInQuestion = canAsk && waiting.MayBeAtTheCloud;
                waiting.ResumeFromBytes = 0;
            }
        }
    }

    /// <summary>Everything that was not answered is to be sent again: what is missing of it, when the next session can tell that.</summary>
    public void OnSessionEnded()
    {
        lock (_lock)
        {
            _isOpen = false;
            _questions.Clear();
            foreach (var flight in _flights)
            {
                var waiting = flight.Utterance;
                waiting.Entry.Release();
                waiting.MayBeAtTheCloud = true;
                _waiting[waiting.Entry.SequenceNumber] = waiting;
            }

            _flights.Clear();
        }
    }

    public void SetCredit(long creditBytes)
    {
        lock (_lock)
        {
            _creditBytes = creditBytes;
        }
    }

    /// <summary>Nothing new is begun in this session; what is open is finished.</summary>
    public void Drain()
    {
        lock (_lock)
        {
            _isDraining = true;
        }
    }

    /// <summary>The next message about what is being said now; false when there is none.</summary>
    public bool TryNextLive(out SendStep step)
    {
        lock (_lock)
        {
            step = default;
            return _isOpen && TryNextLive_NeedsLock(out step);
        }
    }

    /// <summary>The next message to send, counted as sent; false when there is nothing to send now.</summary>
    public bool TryNext(out SendStep step)
    {
        lock (_lock)
        {
            step = default;
            return _isOpen && (TryNextLive_NeedsLock(out step)
                || TryContinue_NeedsLock(complete: true, out step)
                || TryStart_NeedsLock(out step));
        }
    }

    /// <summary>Answered for good: it is nobody's any more. Null when it was not in flight (an answer of an earlier session).</summary>
    public SpoolEntry? OnAnswered(string utteranceId)
    {
        lock (_lock)
        {
            return Land_NeedsLock(utteranceId)?.Entry;
        }
    }

    /// <summary>To be sent again, from its start; returns after which wait, or null when it was not in flight.</summary>
    public TimeSpan? OnRetry(string utteranceId)
    {
        lock (_lock)
        {
            if (Land_NeedsLock(utteranceId) is not { } waiting)
            {
                return null;
            }

            waiting.Entry.Release();
            waiting.MayBeAtTheCloud = true;
            waiting.ResumeFromBytes = 0;
            var wait = waiting.HoldBack(time);
            _waiting[waiting.Entry.SequenceNumber] = waiting;
            return wait;
        }
    }

    /// <summary>When the first of those held back may be sent again; null when none is.</summary>
    public TimeSpan? NextRetryIn()
    {
        lock (_lock)
        {
            TimeSpan? first = null;
            foreach (var waiting in _waiting.Values)
            {
                if (waiting.HeldFor(time) is var wait && wait > TimeSpan.Zero && (first is null || wait < first))
                {
                    first = wait;
                }
            }

            return first;
        }
    }

    private bool TryNextLive_NeedsLock(out SendStep step) =>
        TryContinue_NeedsLock(complete: false, out step) || (Live_NeedsLock() is not null && TryStart_NeedsLock(out step));

    private bool TryContinue_NeedsLock(bool complete, out SendStep step)
    {
        foreach (var flight in _flights)
        {
            if (flight.Utterance.Entry.Trailer is not null == complete && TryContinue_NeedsLock(flight, out step))
            {
                return true;
            }
        }

        step = default;
        return false;
    }

    private bool TryContinue_NeedsLock(UtteranceFlight flight, out SendStep step)
    {
        step = default;
        if (flight.IsEnded)
        {
            return false;
        }

        // The trailer is read before the length: what is appended between the two reads is then simply the next chunk.
        var entry = flight.Utterance.Entry;
        var trailer = entry.Trailer;
        var available = entry.LengthBytes - flight.SentBytes;
        if (available == 0 && trailer is not null)
        {
            flight.IsEnded = true;
            step = new SendStep(SendStepKind.End, entry);
            return true;
        }

        var chunk = BytesOf(trailer is null ? options.Chunk : options.BacklogChunk);
        if (trailer is null && available < chunk)
        {
            return false;
        }

        var room = (_creditBytes - Unacked_NeedsLock()) & ~1L;
        var count = (int)Math.Min(Math.Min(available, chunk), room);
        if (count <= 0 || (count < available && count < BytesOf(options.Chunk)))
        {
            return false;
        }

        step = new SendStep(SendStepKind.Chunk, entry, flight.SentBytes, count);
        flight.SentBytes += count;
        return true;
    }

    private bool TryStart_NeedsLock(out SendStep step)
    {
        step = default;
        if (_isDraining || _creditBytes <= 0 || _flights.Count >= options.MaxInFlight || _waiting.Count == 0)
        {
            return false;
        }

        // While what is being said now waits for room, nothing older takes that room.
        while ((Live_NeedsLock() ?? Oldest_NeedsLock()) is { } next)
        {
            var entry = next.Entry;
            var reserved = entry.Trailer?.LengthBytes ?? Math.Max(entry.LengthBytes, BytesOf(options.MaxUtterance));
            if (_flights.Count > 0 && reserved + Reserved_NeedsLock() > _creditBytes)
            {
                return false;
            }

            if (next.ResumeFromBytes > _creditBytes - Unacked_NeedsLock())
            {
                // What the cloud has of it counts from the start on: the window must have become larger again.
                return false;
            }

            _waiting.Remove(entry.SequenceNumber);
            if (entry.TryTake())
            {
                _flights.Add(new UtteranceFlight(next, reserved));
                step = new SendStep(SendStepKind.Start, entry, next.ResumeFromBytes);
                return true;
            }

            // The spool has dropped it: look at the next one.
        }

        return false;
    }

    private WaitingUtterance? Live_NeedsLock() =>
        _newest is { Entry.Trailer: null } newest && _waiting.ContainsKey(newest.Entry.SequenceNumber) && MayStart_NeedsLock(newest)
            ? newest
            : null;

    private WaitingUtterance? Oldest_NeedsLock()
    {
        foreach (var waiting in _waiting.Values)
        {
            if (MayStart_NeedsLock(waiting))
            {
                return waiting;
            }
        }

        return null;
    }

    private bool MayStart_NeedsLock(WaitingUtterance waiting) =>
        waiting.MayStart(time) && (clock is null || clock.Judge(waiting) == ClockVerdict.Ready);

    private WaitingUtterance? Land_NeedsLock(string utteranceId)
    {
        var index = _flights.FindIndex(flight => flight.Utterance.Entry.Id == utteranceId);
        if (index < 0)
        {
            return null;
        }

        var waiting = _flights[index].Utterance;
        _flights.RemoveAt(index);
        return waiting;
    }

    private long Reserved_NeedsLock()
    {
        long sum = 0;
        foreach (var flight in _flights)
        {
            sum += flight.Utterance.Entry.Trailer?.LengthBytes ?? flight.ReservedBytes;
        }

        return sum;
    }

    private long Unacked_NeedsLock()
    {
        long sum = 0;
        foreach (var flight in _flights)
        {
            sum += flight.SentBytes;
        }

        return sum;
    }

    private static int BytesOf(TimeSpan audio) => (int)(audio.TotalSeconds * BytesPerSecond) & ~1;
}
