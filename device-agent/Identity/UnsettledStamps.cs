namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// When utterances of this run began, by the monotonic clock, as long as the time that they carry is not certain. Bounded: beyond it the oldest
/// keep the time that they have. Thread safe.
/// </summary>
internal sealed class UnsettledStamps
{
    private const int MaxStamps = 65_536;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, long> _stamps = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _stamps.Count;
            }
        }
    }

    public void Add(ulong sequenceNumber, long timestamp)
    {
        lock (_lock)
        {
            if (_stamps.Count == MaxStamps)
            {
                _stamps.Remove(_stamps.Keys.First());
            }

            _stamps[sequenceNumber] = timestamp;
        }
    }

    public bool TryGet(ulong sequenceNumber, out long timestamp)
    {
        lock (_lock)
        {
            return _stamps.TryGetValue(sequenceNumber, out timestamp);
        }
    }

    public void Remove(ulong sequenceNumber)
    {
        lock (_lock)
        {
            _stamps.Remove(sequenceNumber);
        }
    }
}
