using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>Bytes of PCM that the whole silo holds: arriving, waiting for their commit, waiting for their transcript.</summary>
internal sealed class AudioMemory(IOptions<IngestOptions> options)
{
    private readonly long _limitBytes = options.Value.MaxTotalAudioBytes;
    private long _heldBytes;

    public long HeldBytes => Interlocked.Read(ref _heldBytes);

    /// <summary>No new utterance is taken; what is arriving may go on, so that it can be finished and let go.</summary>
    public bool IsFull => HeldBytes >= _limitBytes;

    /// <summary>Keep no more audio than is needed: half of what may be held is left to what arrives.</summary>
    public bool IsTight => HeldBytes >= _limitBytes / 2;

    public void Add(int bytes) => Interlocked.Add(ref _heldBytes, bytes);
}
