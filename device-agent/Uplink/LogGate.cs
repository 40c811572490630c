namespace Fleet.DeviceAgent.Uplink;

/// <summary>
/// Lets a message through once in a while and counts the rest: hundreds of devices that lose one silo have one thing to say. Shared by the
/// devices of a process. Thread safe.
/// </summary>
internal sealed class LogGate(TimeProvider time, TimeSpan interval)
{
    private const int MaxKeys = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long PassedAt, int Held)> _keys = [];

    /// <param name="key">What is said.</param>
    /// <param name="heldBack">How many like it were held back since the last one that passed.</param>
    public bool TryPass(string key, out int heldBack)
    {
        lock (_lock)
        {
            heldBack = 0;
            if (_keys.TryGetValue(key, out var seen))
            {
                if (time.GetElapsedTime(seen.PassedAt) < interval)
                {
                    _keys[key] = seen with { Held = seen.Held + 1 };
                    return false;
                }

                heldBack = seen.Held;
            }
            else if (_keys.Count >= MaxKeys)
            {
                _keys.Clear();
            }

            _keys[key] = (time.GetTimestamp(), 0);
            return true;
        }
    }
}
