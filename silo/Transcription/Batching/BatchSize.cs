namespace Fleet.Silo.Transcription;

/// <summary>
/// How large a batch may be: as the options say, or less when the endpoint has no time or no room for so much. Small at first, and twice as large with each
/// answer: nobody knows yet what it has time for, and a batch that comes too late has kept all of its utterances waiting for nothing.
/// </summary>
internal sealed class BatchSize(BatchBounds options)
{
    private const int First = 8;

    // What no endpoint is known to refuse. Azure's own limit is not documented.
    private const long FirstBytes = 2_000_000;

    // A body so near the limit might have been a larger one.
    private const double Near = 0.75;

    private readonly Lock _lock = new();
    private double _utterances = Math.Min(First, options.Utterances);
    private bool _hasTimedOut;
    private bool _hasBeenTooLarge;
    private long _bytes = Math.Min(FirstBytes, options.RequestBytes);

    public BatchBounds Bounds
    {
        get
        {
            lock (_lock)
            {
                return options with { Utterances = (int)_utterances, RequestBytes = _bytes };
            }
        }
    }

    /// <summary>What is at its limit doubles; once an answer has come too late it grows slowly, by one with each as many answers as there are utterances in a batch.</summary>
    public void OnAnswered(int utterances, long bytes)
    {
        lock (_lock)
        {
            if (utterances >= (int)_utterances)
            {
                _utterances = Math.Min(options.Utterances, _hasTimedOut ? _utterances + (1 / _utterances) : 2 * _utterances);
            }

            if (utterances > 1 && bytes >= Near * _bytes && !_hasTimedOut && !_hasBeenTooLarge)
            {
                _bytes = Math.Min(options.RequestBytes, 2 * _bytes);
            }
        }
    }

    public void OnTimedOut(int utterances)
    {
        lock (_lock)
        {
            _hasTimedOut = true;
            _utterances = Math.Clamp(utterances / 2, 1, _utterances);
        }
    }

    /// <summary>The endpoint's limit stays what it is.</summary>
    public void OnTooLarge(long bytes, int utterances)
    {
        lock (_lock)
        {
            if (utterances > 1 && bytes > 0)
            {
                _hasBeenTooLarge = true;
                _bytes = Math.Min(_bytes, Math.Max(1, bytes * 3 / 4));
            }
        }
    }
}
