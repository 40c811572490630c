using Fleet.DeviceAgent.Logging;
using Fleet.DeviceAgent.Spool.Container;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.DeviceAgent.Spool.Losses;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>
/// The utterances of one device that the cloud has not stored yet: one file each under <c>spool/</c>. The truth until the ack. Bounded by
/// bytes and age: what goes for that, or is damaged, leaves a loss that is reported. Thread safe: one recorder writes, one uplink reads and
/// deletes.
/// </summary>
internal sealed partial class UtteranceSpool
{
    private const int BytesPerSecond = 32_000;

    // A disk that stays full has one thing to say, however much is spoken.
    private static readonly TimeSpan _logInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, SpoolEntry> _entries = [];
    private readonly ISpoolDisk _disk;
    private readonly string _stateFolder;
    private readonly string _folder;
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly SpoolClock _clock;
    private readonly QuarantineFolder _quarantine;
    private readonly LossLedger _ledger;
    private readonly ISequenceNumbers? _numbers;
    private readonly string _serial;
    private readonly ILogger _logger;
    private readonly LogGate _gate;
    private SpoolKey? _key;
    private long _bytes;
    private long _lostUtterances;
    private long _quarantinedUtterances;
    private TaskCompletionSource? _emptied;

    private UtteranceSpool(
        string stateFolder, SpoolOptions options, TimeProvider time, ILogger logger, ISequenceNumbers? numbers, ISpoolDisk disk, string serial)
    {
        _disk = disk;
        _stateFolder = stateFolder;
        _folder = FolderIn(stateFolder);
        _keptFolder = Path.Combine(stateFolder, "kept");
        _quarantine = new QuarantineFolder(disk, Path.Combine(stateFolder, "quarantine"), options.MaxQuarantineBytes);
        _ledger = new LossLedger(disk, Path.Combine(stateFolder, "lost"), options.MaxLosses);
        _options = options;
        _time = time;
        _clock = SpoolClock.Open(disk, stateFolder, time);
        _numbers = numbers;
        _serial = serial;
        _logger = logger;
        _gate = new LogGate(time, _logInterval);
    }

    /// <summary>
    /// A new utterance is there (again), or the one being recorded has grown or ended, or (null) there is a loss. Called on the recorder's
    /// thread, too: do little.
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

    /// <summary>Utterances that a bound or the disk has taken, wholly or in part, since the start.</summary>
    public long LostUtterances => Interlocked.Read(ref _lostUtterances);

    /// <summary>Utterances put into quarantine since the start.</summary>
    public long QuarantinedUtterances => Interlocked.Read(ref _quarantinedUtterances);

    /// <summary>
    /// Begins an utterance; null when the disk does not take it, which is logged, costs this utterance only and leaves a loss with its number.
    /// </summary>
    public SpoolWriter? TryCreate(UtteranceStart start)
    {
        try
        {
            // A number that is only in memory must not be followed by one that is on the disk: after a restart it would be a gap.
            if (_ledger.HasPending && !_ledger.TryWritePending())
            {
                throw new IOException("what was lost before could not be recorded yet");
            }

            var key = _options.Encrypt ? _key ??= LoadKey() : null;
            var (header, bytes) = SpoolFormat.CreateHeader(start, key, _disk.BootId, _clock.Now);
            MakeRoom(bytes.Length);
            var path = Path.Combine(_folder, SpoolFormat.FileName(start));
            var keys = header.Keys(key);
            var entry = new SpoolEntry(new SpoolContainer(_disk, header, keys), path);
            var writer = new ContainerWriter(CreateFile(path, bytes), header, keys);
            lock (_lock)
            {
                _entries[entry.SequenceNumber] = entry;
                _bytes += bytes.Length;
            }

            return new SpoolWriter(this, entry, writer, _time, _options.FlushInterval);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            if (_gate.TryPass(nameof(LogCannotWrite), out var heldBack))
            {
                LogCannotWrite(start.UtteranceId, _folder, ex.Message, heldBack);
            }

            LoseUnwritten(start, ex.Message);
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

    /// <summary>Whether audio and checksum of what an earlier run left agree. A damaged one is in quarantine and a loss afterwards.</summary>
    public bool Verify(SpoolEntry entry)
    {
        if (entry.IsVerified || entry.Trailer is not { } trailer || entry.Container is not { } container)
        {
            return true;
        }

        try
        {
            using var file = _disk.Open(entry.Path, forWriting: false);
            if (ContainerReader.IsWhole(file, container.Header, container.Keys, trailer))
            {
                entry.IsVerified = true;
                return true;
            }

            Quarantine(entry, "its checksum does not fit its audio");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            Quarantine(entry, ex.Message);
        }

        return false;
    }

    /// <summary>The cloud has stored it: it goes, or is kept for a while.</summary>
    public void Delete(SpoolEntry entry)
    {
        if (!Forget(entry))
        {
            return;
        }

        // The file was what said that its number is used. A full disk may take that only once the file is gone.
        var isNumberKept = Keep(entry.SequenceNumber);
        if (_options.KeepStored == TimeSpan.Zero || !TryKeepFile(entry))
        {
            DeleteFile(entry.Path);
        }

        if (!isNumberKept)
        {
            Keep(entry.SequenceNumber);
        }

        TellIfEmpty();
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
            _bytes += entry.TrailerLength;
        }

        Changed?.Invoke(null);
    }

    internal void OnWriteFailed(SpoolEntry entry, Exception error)
    {
        if (_gate.TryPass(nameof(LogWriteFailed), out var heldBack))
        {
            LogWriteFailed(entry.Id, _folder, error.Message, heldBack);
        }

        if (entry.LengthBytes > 0)
        {
            Interlocked.Increment(ref _lostUtterances);
        }
    }

    private ISpoolFile CreateFile(string path, byte[] header)
    {
        var file = _disk.Create(path);
        try
        {
            file.Write(header, 0);
            file.Flush();
            _disk.FlushFolder(_folder);
            return file;
        }
        catch
        {
            file.Dispose();
            DeleteFile(path);
            throw;
        }
    }

    private SpoolKey LoadKey() => _options.KeyFile is { } file ? SpoolKey.OfFile(_disk, file) : SpoolKey.OfInstall(_disk, _stateFolder, _serial);

    private bool Keep(ulong number) => _numbers?.TryKeep(number) ?? true;

    private bool Contains(SpoolEntry entry)
    {
        lock (_lock)
        {
            return _entries.TryGetValue(entry.SequenceNumber, out var known) && known == entry;
        }
    }

    private bool Forget(SpoolEntry entry)
    {
        entry.CloseReader();
        lock (_lock)
        {
            if (!_entries.TryGetValue(entry.SequenceNumber, out var known) || known != entry)
            {
                return false;
            }

            _entries.Remove(entry.SequenceNumber);
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

    private void DeleteFile(string path)
    {
        try
        {
            _disk.Delete(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // It is sent again after the next start, and stored as a duplicate then.
            LogCannotDelete(path, ex.Message);
        }
    }
}
