namespace Fleet.Dashboard.Devices;

/// <summary>One answer for everybody who asks within two seconds, so that a wall of screens costs the silo one call.</summary>
internal sealed class SharedAnswer<T>(TimeProvider time) : IDisposable
    where T : class
{
    private static readonly TimeSpan _freshFor = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _gate = new(1);
    private T? _latest;
    private DateTimeOffset _readAt;

    public async Task<T> GetAsync(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_latest is null || time.GetUtcNow() - _readAt > _freshFor)
            {
                _latest = await read(cancellationToken);
                _readAt = time.GetUtcNow();
            }

            return _latest;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
