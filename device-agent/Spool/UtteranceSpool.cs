using Fleet.DeviceAgent.Logging;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>
/// The utterances of one device that the cloud has not stored yet: one file each under <c>spool/</c>. The truth until the ack. Bounded by
/// bytes: when it is full the oldest goes. Thread safe: one recorder writes, one uplink reads and deletes.
/// </summary>
internal sealed partial class UtteranceSpool
{
    private const int BytesPerSecond = 32_000;

    // A disk that stays full has one thing to say, however much is spoken.
    private static readonly TimeSpan _logInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, SpoolEntry> _entries = [];
    private readonly string _folder;
    private readonly string _quarantine;
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogGate _gate;
    private long _bytes;
    private long _lostUtterances;
    private long _quarantinedUtterances;
    private TaskCompletionSource? _emptied;

    private UtteranceSpool(string folder, string quarantine, SpoolOptions options, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _quarantine = quarantine;
        _options = options;
        _time = time;
        _logger = logger;
        _gate = new LogGate(time, _logInterval);
    }

    /// <summary>
    /// A new utterance is there, or the one being recorded has grown or ended. Called on the recorder's thread: do little.
    /// </summary>
    public event Action<SpoolEntry?>? Changed;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Utterances that the bound or the disk has taken, wholly or in part, since the start.</summary>
    public long LostUtterances => Interlocked.Read(ref _lostUtterances);

    /// <summary>Utterances put into quarantine since the start.</summary>
    public long QuarantinedUtterances => Interlocked.Read(ref _quarantinedUtterances);

    /// <summary>Reads what an earlier run left: complete utterances are sent again, torn ones are closed where they end.</summary>
    public static UtteranceSpool Open(
        string stateFolder, SpoolOptions options, TimeProvider time, ILogger logger, out SpoolRecovery recovery)
    {
        var spool = new UtteranceSpool(Path.Combine(stateFolder, "spool"), Path.Combine(stateFolder, "quarantine"), options, time, logger);
        Directory.CreateDirectory(spool._folder);
        recovery = SpoolRecovery.Read(spool._folder);
        foreach (var (path, reason) in recovery.Corrupt)
        {
            spool.MoveToQuarantine(path, reason);
        }

        foreach (var entry in recovery.Entries)
        {
            if (!spool._entries.TryAdd(entry.SequenceNumber, entry))
            {
                spool.MoveToQuarantine(entry.Path, "its sequence number is that of another utterance in the spool");
                continue;
            }

            spool._bytes += entry.FileBytes;
            if (entry.Trailer?.Reason == UtteranceEnd.Types.Reason.Truncated)
            {
                spool.LogTruncated(entry.Id, entry.LengthBytes / BytesPerSecond);
            }
        }

        if (spool.Count > 0)
        {
            spool.LogRecovered(spool.Count, spool._bytes);
        }

        return spool;
    }

    /// <summary>Begins an utterance; null when the disk does not take it, which is logged and costs this utterance only.</summary>
    public SpoolWriter? TryCreate(UtteranceStart start)
    {
        var header = SpoolFormat.Header(start);
        var path = Path.Combine(_folder, SpoolFormat.FileName(start));
        MakeRoom(header.Length);
        try
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
            try
            {
                RandomAccess.Write(file, header, 0);
                RandomAccess.FlushToDisk(file);
                DurableFile.FlushFolder(_folder);
            }
            catch
            {
                file.Dispose();
                File.Delete(path);
                throw;
            }

            var entry = new SpoolEntry(start, path, header.Length);
            lock (_lock)
            {
                _entries[entry.SequenceNumber] = entry;
                _bytes += header.Length;
            }

            return new SpoolWriter(this, entry, file, _time, _options.FlushInterval);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _lostUtterances);
            if (_gate.TryPass(nameof(LogCannotWrite), out var heldBack))
            {
                LogCannotWrite(start.UtteranceId, _folder, ex.Message, heldBack);
            }

            return null;
        }
    }

    /// <summary>Tells the uplink of an utterance that has just begun; its sequence number is kept by now.</summary>
    public void Announce(SpoolEntry entry) => Changed?.Invoke(entry);

    /// <summary>Done when nothing waits any more.</summary>
    public Task WhenEmptyAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.Count == 0)
            {
                return Task.CompletedTask;
            }

            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _emptied.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What is there, oldest first.</summary>
    public IReadOnlyList<SpoolEntry> Snapshot()
    {
        lock (_lock)
        {
            return [.. _entries.Values];
        }
    }

    /// <summary>Whether audio and checksum of what an earlier run left agree. A damaged one is in quarantine afterwards.</summary>
    public bool Verify(SpoolEntry entry)
    {
        if (entry.IsVerified || entry.Trailer is not { } trailer)
        {
            return true;
        }

        try
        {
            if (SpoolRecovery.ChecksumOf(entry) == trailer.Crc32C)
            {
                entry.IsVerified = true;
                return true;
            }

            Quarantine(entry, "its checksum does not fit its audio");
        }
        catch (IOException ex)
        {
            Quarantine(entry, ex.Message);
        }

        return false;
    }

    /// <summary>The cloud has stored it.</summary>
    public void Delete(SpoolEntry entry)
    {
        if (Forget(entry))
        {
            DeleteFile(entry.Path);
            TellIfEmpty();
        }
    }

    /// <summary>The cloud will never take it, or it is damaged: out of the way, kept for a look.</summary>
    public void Quarantine(SpoolEntry entry, string reason)
    {
        if (Forget(entry))
        {
            MoveToQuarantine(entry.Path, reason);
            TellIfEmpty();
        }
    }

    internal void OnAppended(int bytes)
    {
        lock (_lock)
        {
            _bytes += bytes;
        }

        MakeRoom(0);
        Changed?.Invoke(null);
    }

    internal void OnCompleted(SpoolEntry entry)
    {
        lock (_lock)
        {
            _bytes += SpoolFormat.TrailerLength;
        }

        Changed?.Invoke(null);
    }

    internal void OnWriteFailed(SpoolEntry entry, Exception error)
    {
        Interlocked.Increment(ref _lostUtterances);
        if (_gate.TryPass(nameof(LogWriteFailed), out var heldBack))
        {
            LogWriteFailed(entry.Id, _folder, error.Message, heldBack);
        }
    }

    private bool Forget(SpoolEntry entry)
    {
        entry.CloseReader();
        lock (_lock)
        {
            if (!_entries.Remove(entry.SequenceNumber))
            {
                return false;
            }

            _bytes -= entry.FileBytes;
            return true;
        }
    }

    /// <summary>Last, when everything about the entry is counted: who waits for this reads the counters next.</summary>
    private void TellIfEmpty()
    {
        lock (_lock)
        {
            if (_entries.Count == 0)
            {
                _emptied?.TrySetResult();
                _emptied = null;
            }
        }
    }

    private void MakeRoom(long bytes)
    {
        while (OldestBeyondTheBound(bytes) is { } oldest)
        {
            Forget(oldest);
            DeleteFile(oldest.Path);
            var lost = Interlocked.Increment(ref _lostUtterances);
            if (_gate.TryPass(nameof(LogDropped), out _))
            {
                LogDropped(oldest.Id, oldest.SequenceNumber, oldest.LengthBytes / BytesPerSecond, _options.MaxBytes, lost);
            }

            TellIfEmpty();
        }
    }

    private SpoolEntry? OldestBeyondTheBound(long bytes)
    {
        lock (_lock)
        {
            if (_bytes + bytes <= _options.MaxBytes)
            {
                return null;
            }

            // What is being sent or recorded stays: the cloud is about to take it.
            foreach (var entry in _entries.Values)
            {
                if (entry.Trailer is not null && entry.TryDrop())
                {
                    return entry;
                }
            }

            return null;
        }
    }

    private void DeleteFile(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // It is sent again after the next start, and stored as a duplicate then.
            LogCannotDelete(path, ex.Message);
        }
    }

    private void MoveToQuarantine(string path, string reason)
    {
        Interlocked.Increment(ref _quarantinedUtterances);
        try
        {
            Directory.CreateDirectory(_quarantine);
            TrimQuarantine(new FileInfo(path).Length);
            File.Move(path, Path.Combine(_quarantine, Path.GetFileName(path)), overwrite: true);
            LogQuarantined(Path.GetFileName(path), _quarantine, reason);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            LogCannotQuarantine(path, reason, ex.Message);
        }
    }

    private void TrimQuarantine(long incoming)
    {
        var files = new DirectoryInfo(_quarantine).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        var bytes = incoming + files.Sum(file => file.Length);
        foreach (var file in files.TakeWhile(_ => bytes > _options.MaxQuarantineBytes))
        {
            bytes -= file.Length;
            file.Delete();
        }
    }
}
