using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.DeviceAgent.Spool.Losses;

/// <summary>
/// Losses that the cloud has not committed yet: a file each under <c>lost/</c>, or, while the disk takes nothing, in memory. Thread safe;
/// changes of the disk are made one at a time.
/// </summary>
internal sealed class LossLedger(ISpoolDisk disk, string folder, int maxLosses)
{
    private readonly Lock _lock = new();
    private readonly Lock _diskLock = new();
    private readonly List<Record> _records = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SpoolLoss> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.Select(record => record.Loss)];
            }
        }
    }

    public ulong? LowestNumber
    {
        get
        {
            lock (_lock)
            {
                return _records.Count > 0 ? _records[0].Loss.SequenceNumber : null;
            }
        }
    }

    /// <summary>Whether a loss is in memory only.</summary>
    public bool HasPending
    {
        get
        {
            lock (_lock)
            {
                return _records.Exists(record => record.Path is null);
            }
        }
    }

    /// <summary>The lowest number that is in memory only.</summary>
    public ulong? LowestPendingNumber
    {
        get
        {
            lock (_lock)
            {
                return _records.Find(record => record.Path is null)?.Loss.SequenceNumber;
            }
        }
    }

    public void Load()
    {
        DurableFile.CreateFolder(disk, folder);
        foreach (var path in disk.Files(folder))
        {
            if (path.EndsWith(LossFile.Extension, StringComparison.Ordinal) && LossFile.TryRead(Path.GetFileName(path), ReadContent(path), out var loss))
            {
                Insert(new Record(loss, path));
            }
        }
    }

    public bool Contains(string utteranceId)
    {
        lock (_lock)
        {
            return _ids.Contains(utteranceId);
        }
    }

    /// <summary>
    /// Records a loss: durable when this returns true, in memory when it returns false. What is there about the utterance already stays.
    /// </summary>
    /// <param name="loss">What is lost.</param>
    /// <param name="audioPath">
    /// A file that is lost with it: when the disk has no room for a record, it becomes the record, and its bytes are given back.
    /// </param>
    public bool Add(SpoolLoss loss, string? audioPath = null)
    {
        lock (_diskLock)
        {
            if (Contains(loss.UtteranceId))
            {
                return true;
            }

            var path = TryWrite(loss, audioPath);
            Insert(new Record(loss, path));
            return path is not null;
        }
    }

    /// <summary>Writes what is in memory only; true when nothing is any more.</summary>
    public bool TryWritePending()
    {
        lock (_diskLock)
        {
            List<Record> pending;
            lock (_lock)
            {
                pending = [.. _records.Where(record => record.Path is null)];
            }

            return pending.TrueForAll(record => (record.Path = TryWrite(record.Loss, audioPath: null)) is not null);
        }
    }

    /// <summary>Takes a loss out; its file, if it has one, is for the caller to delete.</summary>
    public bool TryForget(string utteranceId, out SpoolLoss? loss, out string? path)
    {
        lock (_diskLock)
        {
            lock (_lock)
            {
                var index = _records.FindIndex(record => record.Loss.UtteranceId == utteranceId);
                (loss, path) = index < 0 ? (null, null) : (_records[index].Loss, _records[index].Path);
                if (index >= 0)
                {
                    _records.RemoveAt(index);
                    _ids.Remove(utteranceId);
                }

                return index >= 0;
            }
        }
    }

    /// <summary>The oldest beyond the bound; null when it is kept.</summary>
    public SpoolLoss? OldestBeyondTheBound()
    {
        lock (_lock)
        {
            return _records.Count > maxLosses ? _records[0].Loss : null;
        }
    }

    private void Insert(Record record)
    {
        lock (_lock)
        {
            var index = _records.FindLastIndex(other => other.Loss.SequenceNumber <= record.Loss.SequenceNumber);
            _records.Insert(index + 1, record);
            _ids.Add(record.Loss.UtteranceId);
        }
    }

    private string? TryWrite(SpoolLoss loss, string? audioPath)
    {
        var path = Path.Combine(folder, LossFile.NameOf(loss));
        try
        {
            DurableFile.CreateFolder(disk, folder);
            WriteOrLeaveEmpty(loss, path);
            disk.FlushFolder(folder);
            return path;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return audioPath is not null && TryRename(audioPath, path) ? path : null;
        }
    }

    private void WriteOrLeaveEmpty(SpoolLoss loss, string path)
    {
        disk.Delete(path);
        using var file = disk.Create(path);
        try
        {
            file.Write(LossFile.ContentOf(loss), 0);
            file.Flush();
        }
        catch (IOException)
        {
            // No room. The name says what matters.
        }
    }

    private bool TryRename(string audioPath, string path)
    {
        try
        {
            disk.Move(audioPath, path);
            disk.FlushFolder(folder);
            using var file = disk.Open(path, forWriting: true);
            file.SetLength(0);
            return true;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private byte[] ReadContent(string path)
    {
        try
        {
            return DurableFile.Read(disk, path, LossFile.MaxLength);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private sealed class Record(SpoolLoss loss, string? path)
    {
        public SpoolLoss Loss => loss;

        public string? Path { get; set; } = path;
    }
}
