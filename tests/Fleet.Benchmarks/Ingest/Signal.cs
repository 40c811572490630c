namespace Fleet.Benchmarks.Ingest;

/// <summary>Something has changed: who waits looks again. Take <see cref="Next"/> before the look, so that no change is missed between the two.</summary>
internal sealed class Signal
{
    private TaskCompletionSource _source = New();

    public Task Next => Volatile.Read(ref _source).Task;

    public void Set() => Interlocked.Exchange(ref _source, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
