namespace Fleet.Storage;

/// <summary>How long to wait after one failure after the other: doubling, with jitter, so that not all come back at once.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan _first = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = _first;

    public void Reset() => _next = _first;

    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = _next * (0.5 + Random.Shared.NextDouble());
        _next = _next * 2 < _longest ? _next * 2 : _longest;
        return Task.Delay(wait, time, cancellationToken);
    }
}
