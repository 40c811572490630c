namespace Fleet.Scoring.Decoding;

/// <summary>Recordings that are in an engine; when nobody waits for any of them any more, the engine is told to stop.</summary>
internal sealed class RunningBatch : IDisposable
{
    private readonly CancellationTokenSource _unwanted = new();
    private readonly List<CancellationTokenRegistration> _registrations;
    private int _wanted;

    public RunningBatch(IReadOnlyList<DecodeJob> jobs)
    {
        _wanted = jobs.Count;
        _registrations = [.. jobs.Select(job => job.CancellationToken.UnsafeRegister(static state => ((RunningBatch)state!).OnAbandoned(), this))]; // state: this
    }

    public CancellationToken Unwanted => _unwanted.Token;

    public void Dispose()
    {
        // This waits for a call that runs; after it none comes.
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _unwanted.Dispose();
    }

    private void OnAbandoned()
    {
        if (Interlocked.Decrement(ref _wanted) == 0)
        {
            _unwanted.Cancel();
        }
    }
}
