using System.Threading.Channels;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>Tells one waiting loop that there is something to look at. Signals while it is busy become one.</summary>
internal sealed class WakeSignal
{
    // One slot, further signals are dropped: the loop looks at everything when it wakes.
    private readonly Channel<bool> _slot = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public void Set() => _slot.Writer.TryWrite(true);

    public async ValueTask WaitAsync(CancellationToken cancellationToken) => await _slot.Reader.ReadAsync(cancellationToken);
}
