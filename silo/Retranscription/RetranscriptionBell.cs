namespace Fleet.Silo.Retranscription;

/// <summary>Tells the worker of this silo that there is something to do; other silos find it by themselves.</summary>
internal sealed class RetranscriptionBell
{
    private TaskCompletionSource _rung = New();

    /// <summary>Done at the next ring; ask for it before looking.</summary>
    public Task Rung => Volatile.Read(ref _rung).Task;

    public void Ring() => Interlocked.Exchange(ref _rung, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
