namespace Fleet.Silo.Devices.Embedded;

/// <summary>One call to a device, waiting for its turn.</summary>
internal abstract class Turn
{
    /// <summary>Never throws: what the call throws is its caller's.</summary>
    public abstract ValueTask RunAsync(Device device);
}

/// <inheritdoc/>
internal sealed class Turn<TResult>(Func<Device, ValueTask<TResult>> call) : Turn
{
    // The caller goes on elsewhere: a mailbox that ran it inline would give its turn away.
    private readonly TaskCompletionSource<TResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Done => _done.Task;

    public override async ValueTask RunAsync(Device device)
    {
        try
        {
            _done.SetResult(await call(device));
        }
        catch (Exception exception)
        {
            _done.SetException(exception);
        }
    }
}
