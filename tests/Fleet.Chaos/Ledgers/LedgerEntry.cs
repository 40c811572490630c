namespace Fleet.Chaos.Ledgers;

/// <summary>An utterance as the segmenter of an agent handed it over.</summary>
internal sealed class LedgerEntry(string deviceId, Guid utteranceId, long sequenceNumber, DateTimeOffset beganAt)
{
    private readonly List<LedgerPart> _parts = [];

    public string DeviceId { get; } = deviceId;

    public Guid UtteranceId { get; } = utteranceId;

    public long SequenceNumber { get; } = sequenceNumber;

    /// <summary>By the machine's clock, whatever the agent's was stepped to.</summary>
    public DateTimeOffset BeganAt { get; } = beganAt;

    /// <summary>The last line about it.</summary>
    public DateTimeOffset LastAt { get; private set; } = beganAt;

    /// <summary>The agent came to its end; otherwise it was killed in the middle of it.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>A piece a line, as they were handed over.</summary>
    public IReadOnlyList<LedgerPart> Parts => _parts;

    /// <summary>PCM that was handed over.</summary>
    public long Bytes => _parts.Count > 0 ? _parts[^1].Bytes : 0;

    public string Sha256 => _parts.Count > 0 ? _parts[^1].Sha256 : Hashes.OfNothing;

    /// <summary>
    /// PCM that the spool has certainly been given: all of it when it ended, else all but the last piece, which the kill may have interrupted
    /// on its way from the ledger to the spool.
    /// </summary>
    public long GivenBytes => IsEnded ? Bytes : _parts.Count > 1 ? _parts[^2].Bytes : 0;

    public void Add(LedgerPart part, DateTimeOffset at)
    {
        _parts.Add(part);
        LastAt = at;
    }

    public void End(DateTimeOffset at) => (IsEnded, LastAt) = (true, at);
}
