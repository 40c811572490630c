namespace Fleet.Scoring.Decoding;

/// <summary>
/// What waits for an engine, in the order in which it is due. A recording is due when the server would be done with it if it had nothing but its
/// request to do, shortest recordings first. So a short utterance passes a long one of another request, a request with many recordings does not hold
/// up one with few, and nothing waits for ever: what is due later than others by so much was put back by so much work of its own request.
/// </summary>
internal sealed class JobQueue(TimeProvider time)
{
    // About what PocketSphinx needs for 1 s of audio on a slow core. It decides only how long a long recording can be passed by shorter ones that come
    // after it.
    private const int MillisecondsPerAudioSecond = 250;
    private const int SamplesPerMillisecond = 16;

    private readonly long _started = time.GetTimestamp();

    // Monitor.Wait needs an object, not a Lock. It guards all fields below.
    private readonly object _gate = new();
    private readonly SortedDictionary<QueuePlace, DecodeJob> _waiting = [];
    private long _number;
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds the recordings of one request.</summary>
    public void Add(IEnumerable<DecodeJob> jobsOfOneRequest)
    {
        lock (_gate)
        {
            var due = (long)time.GetElapsedTime(_started).TotalMilliseconds;
            foreach (var job in jobsOfOneRequest.OrderBy(static job => job.Samples.Length))
            {
                due += (long)job.Samples.Length / SamplesPerMillisecond * MillisecondsPerAudioSecond / 1_000;
                job.Place = new QueuePlace(due, _number++);
                _waiting.Add(job.Place, job);
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes a recording out that nobody waits for; false when it is not here any more.</summary>
    public bool Remove(DecodeJob job)
    {
        lock (_gate)
        {
            return _waiting.Remove(job.Place);
        }
    }

    /// <summary>
    /// Waits for work: the recording that is due first and others of its bucket, at most <paramref name="maxCount"/> and together at most
    /// <paramref name="maxSamples"/>. It waits for no companions.
    /// </summary>
    /// <returns>Empty when the queue was closed and nothing is left.</returns>
    public IReadOnlyList<DecodeJob> Take(int maxCount, long maxSamples)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closed)
                {
                    return [];
                }

                Monitor.Wait(_gate);
            }

            var first = _waiting.First().Value;
            var (batch, samples) = (new List<DecodeJob> { first }, (long)first.Samples.Length);
            if (maxCount > 1)
            {
                foreach (var job in _waiting.Values.Skip(1))
                {
                    if (batch.Count == maxCount || samples + job.Samples.Length > maxSamples)
                    {
                        break;
                    }

                    if (job.Bucket == first.Bucket)
                    {
                        batch.Add(job);
                        samples += job.Samples.Length;
                    }
                }
            }

            foreach (var job in batch)
            {
                _waiting.Remove(job.Place);
            }

            return batch;
        }
    }

    /// <summary>Nothing is added any more; what waits is still given out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }
}
