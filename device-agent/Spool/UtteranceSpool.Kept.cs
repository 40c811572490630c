using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

internal sealed partial class UtteranceSpool
{
    private readonly List<SpoolEntry> _kept = [];

    /// <summary>What the cloud has stored and the device keeps for a while, oldest first.</summary>
    public IReadOnlyList<SpoolEntry> Kept
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept];
            }
        }
    }

    /// <summary>The cloud has it no more: back among what is to be sent.</summary>
    public void Restore(SpoolEntry kept)
    {
        lock (_lock)
        {
            if (!_kept.Remove(kept) || !_entries.TryAdd(kept.SequenceNumber, kept))
            {
                return;
            }

            _bytes += kept.FileBytes;
        }

        Changed?.Invoke(kept);
    }

    /// <summary>
    /// The same audio under a new id and time. Only for an utterance that is complete and was never sent. Returns the entry that takes its
    /// place, or the old one as it was when the disk does not take the change.
    /// </summary>
    public SpoolEntry Correct(SpoolEntry entry, string newUtteranceId, long startedAtUnixMs, Clock clock)
    {
        if (entry.Trailer is not { } trailer)
        {
            return entry;
        }

        var start = entry.Start.Clone();
        start.UtteranceId = newUtteranceId;
        start.StartedAtUnixMs = startedAtUnixMs;
        start.Clock = clock;
        try
        {
            var pcm = new byte[entry.LengthBytes];
            entry.Read(0, pcm);
            entry.CloseReader();
            var header = SpoolFormat.Header(start);
            var end = new byte[SpoolFormat.TrailerLength];
            SpoolFormat.WriteTrailer(end, trailer);
            var path = Path.Combine(_folder, SpoolFormat.FileName(start));
            DurableFile.Replace(path, [.. header, .. pcm, .. end]);
            File.Delete(entry.Path);
            var corrected = new SpoolEntry(start, path, header.Length, pcm.Length, trailer);
            lock (_lock)
            {
                _entries[corrected.SequenceNumber] = corrected;
                _bytes += corrected.FileBytes - entry.FileBytes;
            }

            return corrected;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return entry;
        }
    }
}
