using System.Globalization;
using Fleet.DeviceAgent.Spool.Container;
using Fleet.DeviceAgent.Spool.Losses;

namespace Fleet.DeviceAgent.Spool;

internal sealed partial class UtteranceSpool
{
    private const string KeptExtension = ".kept";

    private readonly string _keptFolder;
    private readonly List<KeptUtterance> _kept = [];
    private long _keptBytes;

    /// <summary>What the cloud has stored and the device keeps for a while, oldest first.</summary>
    public IReadOnlyList<SpoolEntry> Kept
    {
        get
        {
            lock (_lock)
            {
                return [.. _kept.Select(kept => kept.Entry)];
            }
        }
    }

    /// <summary>The cloud has it no more: back among what is to be sent, as young as if it had just been spoken.</summary>
    public void Restore(SpoolEntry kept)
    {
        SpoolEntry restored;
        try
        {
            lock (_lock)
            {
                var index = _kept.FindIndex(known => known.Entry == kept);
                if (index < 0 || _entries.ContainsKey(kept.SequenceNumber))
                {
                    return;
                }

                // Under the lock: what is moved back must not go for want of room at the same moment.
                var path = Path.Combine(_folder, SpoolFormat.FileName(kept.Start));
                kept.CloseReader();
                _disk.Move(kept.Path, path);
                restored = kept.MovedTo(path);
                restored.BornAt = _clock.Now;
                _kept.RemoveAt(index);
                _keptBytes -= kept.FileBytes;
                _entries.Add(restored.SequenceNumber, restored);
                _bytes += restored.FileBytes;
            }

            _disk.FlushFolder(_folder);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogCannotRestore(kept.Id, ex.Message);
            return;
        }

        Changed?.Invoke(restored);
    }

    /// <summary>Moves a stored utterance aside. Its name need not survive a power cut: then it is sent again, or not kept.</summary>
    private bool TryKeepFile(SpoolEntry entry)
    {
        var keptAt = _clock.Now;
        var name = string.Create(
            CultureInfo.InvariantCulture, $"{entry.SequenceNumber:D20}-{entry.Id}-{(long)keptAt.TotalMilliseconds}{KeptExtension}");
        var path = Path.Combine(_keptFolder, name);
        try
        {
            _disk.CreateFolder(_keptFolder);
            _disk.Move(entry.Path, path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogNotMaintained(ex.Message);
            return false;
        }

        lock (_lock)
        {
            var kept = new KeptUtterance(entry.MovedTo(path), keptAt);
            var index = _kept.FindLastIndex(other => other.Entry.SequenceNumber <= entry.SequenceNumber);
            _kept.Insert(index + 1, kept);
            _keptBytes += kept.Entry.FileBytes;
        }

        MakeRoom(0);
        return true;
    }

    private void LoadKept()
    {
        foreach (var path in _disk.Files(_keptFolder))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (_options.KeepStored > TimeSpan.Zero
                && path.EndsWith(KeptExtension, StringComparison.Ordinal)
                && long.TryParse(name[(name.LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var keptAtMs)
                && SpoolRecovery.TryOpen(_disk, path, _key) is { } entry
                && LossFile.TryReadNumberAndId(name, out _, out var id) && id == entry.Id
                && !_entries.ContainsKey(entry.SequenceNumber))
            {
                // After a lost clock file it is as if it had been stored just now.
                var keptAt = TimeSpan.FromMilliseconds(Math.Min(keptAtMs, (long)_clock.Now.TotalMilliseconds));
                _kept.Add(new KeptUtterance(entry, keptAt));
                _keptBytes += entry.FileBytes;
            }
            else
            {
                // Stored in the cloud, and no longer wanted or no longer whole.
                DeleteFile(path);
            }
        }
    }

    private void TrimKept()
    {
        lock (_lock)
        {
            foreach (var kept in _kept.Where(kept => _clock.Now - kept.KeptAt > _options.KeepStored).ToList())
            {
                DropKept_NeedsLock(kept);
            }
        }
    }

    private void DropKept_NeedsLock(KeptUtterance kept)
    {
        _kept.Remove(kept);
        _keptBytes -= kept.Entry.FileBytes;
        kept.Entry.CloseReader();
        DeleteFile(kept.Entry.Path);
    }

    private sealed record KeptUtterance(SpoolEntry Entry, TimeSpan KeptAt);
}
