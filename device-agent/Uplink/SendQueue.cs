using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Decides what a device sends next. What is being said now goes first, then what was begun, then the backlog, oldest first. Never more
/// audio unanswered than the credit; an utterance is begun only if the credit has room for all of it beside what is in flight, since two
/// halves that wait for each other's credit would wait for ever. Does no I/O. Thread safe.
/// </summary>
internal sealed class SendQueue(UplinkOptions options, TimeProvider time, Func<double> random)
{
    private const int BytesPerSecond = 32_000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, Waiting> _waiting = [];
    private readonly List<Flight> _flights = [];
    private Waiting? _newest;
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

    public void Add(SpoolEntry entry)
    {
        lock (_lock)
        {
            // One recorder a device: only the newest can be open.
            _newest = new Waiting(entry, new Backoff(options.MinBackoff, options.MaxBackoff, random));
            _waiting[entry.SequenceNumber] = _newest;
        }
    }

    public void OnSessionOpened(long creditBytes)
    {
        lock (_lock)
        {
            _creditBytes = creditBytes;
            _isDraining = false;
            _isOpen = true;
        }
    }

    /// <summary>Everything that was not answered is sent again, from its start.</summary>
    public void OnSessionEnded()
    {
        lock (_lock)
        {
            _isOpen = false;
            foreach (var flight in _flights)
            {
                flight.Waiting.Entry.Release();
                _waiting[flight.Waiting.Entry.SequenceNumber] = flight.Waiting;
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

    /// <summary>The next message to send, counted as sent; false when there is nothing to send now.</summary>
    public bool TryNext(out SendStep step)
    {
        lock (_lock)
        {
            step = default;
            return _isOpen && (TryContinue_NeedsLock(complete: false, out step)
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

    private bool TryContinue_NeedsLock(bool complete, out SendStep step)
    {
        foreach (var flight in _flights)
        {
            if (flight.Waiting.Entry.Trailer is not null == complete && TryContinue_NeedsLock(flight, out step))
            {
                return true;
            }
        }

        step = default;
        return false;
    }

    private bool TryContinue_NeedsLock(Flight flight, out SendStep step)
    {
        step = default;
        if (flight.IsEnded)
        {
            return false;
        }

        // The trailer is read before the length: what is appended between the two reads is then simply the next chunk.
        var entry = flight.Waiting.Entry;
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

            _waiting.Remove(entry.SequenceNumber);
            if (entry.TryTake())
            {
                _flights.Add(new Flight(next, reserved));
                step = new SendStep(SendStepKind.Start, entry);
                return true;
            }

            // The spool has dropped it: look at the next one.
        }

        return false;
    }

    private Waiting? Live_NeedsLock() =>
        _newest is { Entry.Trailer: null } newest && newest.MayStart(time) && _waiting.ContainsKey(newest.Entry.SequenceNumber)
            ? newest
            : null;

    private Waiting? Oldest_NeedsLock()
    {
        foreach (var waiting in _waiting.Values)
        {
            if (waiting.MayStart(time))
            {
                return waiting;
            }
        }

        return null;
    }

    private Waiting? Land_NeedsLock(string utteranceId)
    {
        var index = _flights.FindIndex(flight => flight.Waiting.Entry.Id == utteranceId);
        if (index < 0)
        {
            return null;
        }

        var waiting = _flights[index].Waiting;
        _flights.RemoveAt(index);
        return waiting;
    }

    private long Reserved_NeedsLock()
    {
        long sum = 0;
        foreach (var flight in _flights)
        {
            sum += flight.Waiting.Entry.Trailer?.LengthBytes ?? flight.ReservedBytes;
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

    /// <summary>In the spool, not begun in this session.</summary>
    private sealed class Waiting(SpoolEntry entry, Backoff backoff)
    {
        private long _heldAt;
        private TimeSpan _hold;

        public SpoolEntry Entry => entry;

        public TimeSpan HoldBack(TimeProvider time)
        {
            _heldAt = time.GetTimestamp();
            _hold = backoff.Next();
            return _hold;
        }

        public TimeSpan HeldFor(TimeProvider time) => _hold == TimeSpan.Zero ? TimeSpan.Zero : _hold - time.GetElapsedTime(_heldAt);

        public bool MayStart(TimeProvider time) => HeldFor(time) <= TimeSpan.Zero;
    }

    /// <summary>Begun in this session, not answered.</summary>
    private sealed class Flight(Waiting waiting, long reservedBytes)
    {
        public Waiting Waiting => waiting;

        public long ReservedBytes => reservedBytes;

        public long SentBytes { get; set; }

        public bool IsEnded { get; set; }
    }
}
