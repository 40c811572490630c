namespace Fleet.Silo.Transcription;

/// <summary>
/// How many calls an endpoint gets at a time, learned: one more while its answers take no longer for it, one less when they do, half when it says that it is
/// overloaded. Batches that are full may wait at the endpoint, up to twice as many: they cannot grow any more, and the endpoint is never without work.
/// </summary>
internal sealed class InFlightLimit
{
    // By Little's law the latency grows with the calls beyond what the endpoint does in parallel.
    private const double Holds = 1.15;
    private const double Suffers = 1.3;

    // So many more calls at the last place that waited than that did not: then there is no such place. Before any has failed, one is enough.
    private const int Doubts = 2;

    // A limit that failed is tried again after so many good answers for each place below it, twice as many each time.
    private const int FirstPatience = 8;
    private const int LongestPatience = 64;

    private readonly Lock _lock = new();
    private readonly int _ceiling;
    private int _inFlight;
    private int _era;
    private int _score;
    private int _patience = FirstPatience;

    // The limit that failed last; none is beyond it.
    private int? _wall;

    /// <param name="start">The first limit.</param>
    /// <param name="ceiling">Calls in flight are never more, whatever is learned.</param>
    public InFlightLimit(int start, int ceiling)
    {
        _ceiling = Math.Max(1, ceiling);
        Limit = Math.Clamp(start, 1, _ceiling);
    }

    /// <summary>Calls that the endpoint does without making them wait, as far as is known.</summary>
    public int Limit { get; private set; }

    /// <summary>Calls with a full batch go up to this.</summary>
    public int FullLimit => Math.Min(_ceiling, 2 * Limit);

    public int InFlight
    {
        get
        {
            lock (_lock)
            {
                return _inFlight;
            }
        }
    }

    public CallTicket Begin()
    {
        lock (_lock)
        {
            return new CallTicket(++_inFlight, _era);
        }
    }

    public void End()
    {
        lock (_lock)
        {
            _inFlight--;
        }
    }

    /// <param name="ticket">Of the call.</param>
    /// <param name="took">How long the answer took.</param>
    /// <param name="expected">How long it takes alone; null = not known yet.</param>
    public void OnAnswered(CallTicket ticket, TimeSpan took, TimeSpan? expected)
    {
        lock (_lock)
        {
            if (ticket.Era != _era)
            {
                return;
            }

            // Fewer at a time say nothing about the last place; more are full batches, which may wait. Nor does it count what nobody knows how long it takes.
            if (ticket.InFlight != Limit || expected is not { Ticks: > 0 } alone)
            {
                return;
            }

            var ratio = took / alone;
            _score += ratio <= Holds ? 1 : ratio > Suffers ? -1 : 0;
            if (_score >= Needed_NeedsLock)
            {
                if (Limit >= _wall)
                {
                    // It holds what it did not before: there may be much more room.
                    (_wall, _patience) = (null, FirstPatience);
                }

                Limit = Math.Min(Limit + 1, _ceiling);
                _score = 0;
            }
            else if (_score <= (_wall is null ? -1 : -Doubts))
            {
                Fail_NeedsLock(Limit - 1);
            }
        }
    }

    /// <summary>429, 503 or a time-out.</summary>
    public void OnOverloaded(CallTicket ticket)
    {
        lock (_lock)
        {
            if (ticket.Era != _era)
            {
                return;
            }

            _era++;
            Fail_NeedsLock(Limit / 2);
        }
    }

    // Good answers at the last place until there is one more: a few where nothing speaks against it, more and more to where it failed before.
    private int Needed_NeedsLock => _wall is not { } wall ? 1 : Limit + 1 < wall ? Limit : Limit * _patience;

    private void Fail_NeedsLock(int lower)
    {
        _patience = _wall == Limit ? Math.Min(2 * _patience, LongestPatience) : FirstPatience;
        (_wall, _score) = (Limit, 0);
        Limit = Math.Max(1, lower);
    }
}
