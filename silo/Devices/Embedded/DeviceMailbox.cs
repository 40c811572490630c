using System.Threading.Channels;

namespace Fleet.Silo.Devices.Embedded;

/// <summary>Runs the calls to one device one at a time, in order.</summary>
internal sealed class DeviceMailbox
{
    // A full mailbox makes its callers wait: each of them is one stream or one transcriber that has nothing better to do, and nothing is dropped.
    private const int Capacity = 64;

    private readonly Channel<Turn> _turns = Channel.CreateBounded<Turn>(
        new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly Device _device;
    private readonly TimeProvider _time;
    private readonly Task _pump;
    private readonly Lock _posting = new();
    private long _lastPostTimestamp;
    private int _unfinished;

    public DeviceMailbox(Device device, TimeProvider time)
    {
        _device = device;
        _time = time;
        _lastPostTimestamp = time.GetTimestamp();
        _pump = PumpAsync();
    }

    /// <summary>False: the mailbox was closed; the turn did not run and never will.</summary>
    public async ValueTask<bool> TryPostAsync(Turn turn)
    {
        while (!TryWrite(turn))
        {
            if (!await _turns.Writer.WaitToWriteAsync())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Closes the mailbox when its device has no session and was not called for so long.</summary>
    public bool TryDeactivate(TimeSpan idleFor)
    {
        lock (_posting)
        {
            // With no turn queued or running nobody can open a session behind this check.
            if (Volatile.Read(ref _unfinished) > 0 || _device.HasSession || _time.GetElapsedTime(_lastPostTimestamp) < idleFor)
            {
                return false;
            }

            return _turns.Writer.TryComplete();
        }
    }

    /// <summary>Runs what was posted, then no more.</summary>
    public Task CloseAsync()
    {
        lock (_posting)
        {
            _turns.Writer.TryComplete();
        }

        return _pump;
    }

    private bool TryWrite(Turn turn)
    {
        lock (_posting)
        {
            if (!_turns.Writer.TryWrite(turn))
            {
                return false;
            }

            _lastPostTimestamp = _time.GetTimestamp();
            Interlocked.Increment(ref _unfinished);
            return true;
        }
    }

    private async Task PumpAsync()
    {
        await foreach (var turn in _turns.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await turn.RunAsync(_device);
            Interlocked.Decrement(ref _unfinished);
        }
    }
}
