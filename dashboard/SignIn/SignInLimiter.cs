namespace Fleet.Dashboard.SignIn;

/// <summary>
/// Slows guessing down: so many failures a minute from one address, and so many from all. Its memory is bounded: addresses beyond
/// <see cref="MaxAddresses"/> share one count.
/// </summary>
internal sealed class SignInLimiter(TimeProvider time)
{
    public const int MaxFailuresPerAddress = 5;
    public const int MaxFailuresTotal = 60;
    public const int MaxAddresses = 1_000;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const string Others = "*";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Count> _counts = [];
    private Count _total;

    /// <summary>Counts one attempt. Null: go on; else how long to wait.</summary>
    public TimeSpan? TryBegin(string address)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var key = Key_NeedsLock(address, now);
            var count = Current(_counts.GetValueOrDefault(key), now);
            var total = Current(_total, now);
            if (count.Attempts >= MaxFailuresPerAddress)
            {
                return count.Ends - now;
            }

            if (total.Attempts >= MaxFailuresTotal)
            {
                return total.Ends - now;
            }

            _counts[key] = count with { Attempts = count.Attempts + 1 };
            _total = total with { Attempts = total.Attempts + 1 };
            return null;
        }
    }

    /// <summary>The attempt was right: it does not count, nor do the address's earlier ones.</summary>
    public void Succeeded(string address)
    {
        lock (_lock)
        {
            if (_counts.Remove(address))
            {
                _total = _total with { Attempts = Math.Max(0, _total.Attempts - 1) };
            }
        }
    }

    internal int AddressesHeld
    {
        get
        {
            lock (_lock)
            {
                return _counts.Count;
            }
        }
    }

    private static Count Current(Count count, DateTimeOffset now) => count.Ends > now ? count : new Count(0, now + Window);

    private string Key_NeedsLock(string address, DateTimeOffset now)
    {
        if (_counts.ContainsKey(address) || _counts.Count < MaxAddresses)
        {
            return address;
        }

        foreach (var (old, count) in _counts.ToArray())
        {
            if (count.Ends <= now)
            {
                _counts.Remove(old);
            }
        }

        return _counts.Count < MaxAddresses ? address : Others;
    }

    private readonly record struct Count(int Attempts, DateTimeOffset Ends);
}
