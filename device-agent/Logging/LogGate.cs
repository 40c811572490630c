namespace Fleet.DeviceAgent.Logging;

/// <summary>
/// Lets a message through at growing distances and counts the rest: an hour without the cloud is a handful of lines, and hundreds of devices
/// that lose one silo have one thing to say. Shared by the devices of a process. Thread safe.
/// </summary>
internal sealed class LogGate(TimeProvider time, TimeSpan shortest, TimeSpan? longest = null)
{
    private const int MaxKeys = 100;

    private readonly TimeSpan _longest = longest ?? shortest; // without it, distances do not grow

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _keys = [];

    /// <param name="key">What is said.</param>
    /// <param name="heldBack">How many like it were held back since the last one that passed.</param>
    public bool TryPass(string key, out int heldBack) => TryPass(key, isNews: false, out heldBack);

    /// <param name="key">What is said.</param>
    /// <param name="isNews">It has just begun, for this device: distances begin anew, though never below the shortest.</param>
    /// <param name="heldBack">How many like it were held back since the last one that passed.</param>
    public bool TryPass(string key, bool isNews, out int heldBack)
    {
        lock (_lock)
        {
            heldBack = 0;
            if (!_keys.TryGetValue(key, out var seen))
            {
                if (_keys.Count >= MaxKeys)
                {
                    _keys.Clear();
                }

                _keys[key] = new Entry(time.GetTimestamp(), shortest, 0);
                return true;
            }

            var distance = isNews ? shortest : seen.Distance;
            if (time.GetElapsedTime(seen.PassedAt) < distance)
            {
                _keys[key] = seen with { Distance = distance, Held = seen.Held + 1 };
                return false;
            }

            heldBack = seen.Held;
            var next = isNews ? shortest : distance * 2;
            _keys[key] = new Entry(time.GetTimestamp(), next < _longest ? next : _longest, 0);
            return true;
        }
    }

    private readonly record struct Entry(long PassedAt, TimeSpan Distance, int Held);
}
