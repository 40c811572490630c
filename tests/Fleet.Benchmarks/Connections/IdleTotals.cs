namespace Fleet.Benchmarks.Connections;

/// <summary>What all idle devices of the process have counted.</summary>
internal sealed class IdleTotals
{
    private int _open;
    private long _broken;
    private long _answered;
    private string? _lastError;

    public ConnectionsAnswer Answer => new(Volatile.Read(ref _open), Interlocked.Read(ref _broken), Interlocked.Read(ref _answered), Volatile.Read(ref _lastError));

    public void OnOpened() => Interlocked.Increment(ref _open);

    public void OnAnswered() => Interlocked.Increment(ref _answered);

    public void OnBroken(string why)
    {
        Interlocked.Decrement(ref _open);
        Interlocked.Increment(ref _broken);
        OnFailed(why);
    }

    public void OnFailed(string why) => Volatile.Write(ref _lastError, why);
}
