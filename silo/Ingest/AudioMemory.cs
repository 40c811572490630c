using Fleet.Silo.Membership;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>Bytes of PCM that the whole silo holds: arriving, parked, waiting for their commit, waiting for their transcript.</summary>
internal sealed class AudioMemory(IOptions<IngestOptions> options) : IHeldAudio
{
    private readonly long _limitBytes = options.Value.MaxTotalAudioBytes;
    private long _heldBytes;
    private long _committingBytes;
    private readonly Lock _turning = new();
    private volatile bool _isShort;
    private TaskCompletionSource _shortageChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long HeldBytes => Interlocked.Read(ref _heldBytes);

    /// <summary>Of these, what waits for its commit.</summary>
    public long CommittingBytes => Interlocked.Read(ref _committingBytes);

    /// <summary>No new utterance is taken; what is arriving may go on, so that it can be finished and let go.</summary>
    public bool IsFull => HeldBytes >= _limitBytes;

    /// <summary>What is arriving does not go on either: so many speak at once that their halves alone would burst the memory.</summary>
    public bool IsBeyond => HeldBytes >= _limitBytes + (_limitBytes / 8);

    /// <summary>Keep no more audio than is needed: half of what may be held is left to what arrives.</summary>
    public bool IsTight => HeldBytes >= _limitBytes / 2;

    /// <summary>
    /// Devices are to send no audio: the memory is nearly full, and it is the database that does not take it. Not when what is arriving fills it: who
    /// cannot finish would hold it for ever. It turns back at a lower mark, so that it does not flutter.
    /// </summary>
    public bool IsShort => _isShort;

    /// <summary>Done when <see cref="IsShort"/> turns the next time; ask for it before looking.</summary>
    public Task ShortageChanged => Volatile.Read(ref _shortageChanged).Task;

    public void Add(int bytes)
    {
        Weigh(Interlocked.Add(ref _heldBytes, bytes), CommittingBytes);
    }

    /// <summary>Audio that is held begins (or with a negative number ends) to wait for its commit.</summary>
    public void AddCommitting(int bytes)
    {
        Weigh(HeldBytes, Interlocked.Add(ref _committingBytes, bytes));
    }

    private void Weigh(long held, long committing)
    {
        if (Judge(held, committing) == _isShort)
        {
            return;
        }

        TaskCompletionSource? changed = null;
        lock (_turning)
        {
            // Again after each turn: whoever has counted meanwhile may have seen the old state, and nobody may count for long.
            while (Judge(HeldBytes, CommittingBytes) != _isShort)
            {
                _isShort = !_isShort;
                Interlocked.MemoryBarrier();
                changed ??= Interlocked.Exchange(ref _shortageChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            }
        }

        changed?.TrySetResult();
    }

    private bool Judge(long held, long committing) => _isShort
        ? held > _limitBytes / 4 * 3 && committing > _limitBytes / 8
        : held >= _limitBytes / 8 * 7 && committing >= _limitBytes / 4;
}
