using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.DeviceAgent.Spool;
using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// Who this agent is, in <c>install.json</c>: the install id, made once; the next sequence number; the last server time seen; the generation of
/// the cluster's storage. Each change is on disk (fsync, atomic rename) before it is used, so that a number is given once whatever loses power
/// when.
/// </summary>
internal sealed class Install : ISequenceNumbers
{
    private const string FileName = "install.json";
    private const int MaxFileLength = 64 * 1024;

    // Kept on disk when it has moved by so much: each write wears the SD card.
    private static readonly TimeSpan _serverTimeStep = TimeSpan.FromHours(1);

    private static readonly JsonSerializerOptions _jsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly Lock _lock = new();
    private readonly ISpoolDisk _disk;
    private readonly string _path;
    private readonly AgentClock _clock;
    private ulong _nextSequenceNumber;
    private string _storageGeneration;
    private DateTimeOffset _keptServerTime;

    // Not beyond a number that only this process knows of.
    private ulong _nextToKeep;

    // What the disk has for sure.
    private ulong _nextKept;

    private Install(ISpoolDisk disk, string path, State state, TimeProvider time)
    {
        _disk = disk;
        _path = path;
        _nextSequenceNumber = state.NextSequenceNumber;
        _nextToKeep = state.NextSequenceNumber;
        _storageGeneration = state.StorageGeneration;
        _keptServerTime = DateTimeOffset.FromUnixTimeMilliseconds(state.LastServerTimeUnixMs);
        _clock = new AgentClock(time, _keptServerTime);
        InstallId = state.InstallId;
    }

    public Guid InstallId { get; }

    /// <summary>Made at each start.</summary>
    public Guid BootId { get; } = Guid.NewGuid();

    public AgentClock Clock => _clock;

    public UtteranceIds UtteranceIds { get; } = new();

    /// <summary>Utterances of this run whose time is not certain yet.</summary>
    public UnsettledStamps UnsettledStamps { get; } = new();

    /// <summary>The last <c>Welcome.storage_generation</c> of which everything that was kept has been asked; empty = none yet.</summary>
    public string StorageGeneration
    {
        get
        {
            lock (_lock)
            {
                return _storageGeneration;
            }
        }
    }

    /// <summary>The server's time on disk is older than it should be.</summary>
    public bool IsServerTimeDue
    {
        get
        {
            lock (_lock)
            {
                return (_clock.LastServerTime - _keptServerTime).Duration() > _serverTimeStep;
            }
        }
    }

    public ulong NextSequenceNumber
    {
        get
        {
            lock (_lock)
            {
                return _nextSequenceNumber;
            }
        }
    }

    /// <exception cref="InvalidDataException">
    /// The file is there and cannot be read: making a new identity would start the numbers again.
    /// </exception>
    public static Install Open(string folder, TimeProvider time, ISpoolDisk? disk = null)
    {
        disk ??= LocalDisk.Instance;
        DurableFile.CreateFolder(disk, folder);
        var path = Path.Combine(folder, FileName);
        if (disk.Exists(path))
        {
            var known = new Install(disk, path, Read(disk, path), time);
            known._nextKept = known._nextToKeep;
            return known;
        }

        var install = new Install(disk, path, new State(Guid.NewGuid(), 1, 0), time);
        install.Save();
        return install;
    }

    /// <summary>The install id, if there is one yet; nothing is written. For a look from outside while the agent runs.</summary>
    /// <exception cref="InvalidDataException">The file is there and cannot be read.</exception>
    public static Guid? Peek(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(LocalDisk.Instance, path).InstallId : null;
    }

    /// <summary>
    /// The number is used: called when the spool file that carries it is on disk, and at start for the highest in the spool. So after a crash
    /// between the two there is neither a gap nor a second use.
    /// </summary>
    public void UseSequenceNumber(ulong number)
    {
        lock (_lock)
        {
            if (number < _nextSequenceNumber)
            {
                return;
            }

            _nextSequenceNumber = number + 1;
            _nextToKeep = number + 1;
            Save();
        }
    }

    public void Skip(ulong number)
    {
        lock (_lock)
        {
            _nextSequenceNumber = Math.Max(_nextSequenceNumber, number + 1);
        }
    }

    public bool TryKeep(ulong number)
    {
        lock (_lock)
        {
            _nextSequenceNumber = Math.Max(_nextSequenceNumber, number + 1);
            _nextToKeep = Math.Max(_nextToKeep, number + 1);
            return number < _nextKept || TrySave();
        }
    }

    /// <summary>What was kept of an older generation has been asked for.</summary>
    /// <exception cref="IOException">The disk does not take it; it is asked again after the next start.</exception>
    public void KeepStorageGeneration(string generation)
    {
        lock (_lock)
        {
            if (_storageGeneration != generation)
            {
                _storageGeneration = generation;
                Save();
            }
        }
    }

    public void Save()
    {
        lock (_lock)
        {
            // Whatever becomes of it: from here on the disk may have either number.
            _nextKept = Math.Min(_nextKept, _nextToKeep);
            var serverTime = _clock.LastServerTime;
            var state = new State(InstallId, _nextToKeep, serverTime.ToUnixTimeMilliseconds(), _storageGeneration);
            DurableFile.Replace(_disk, _path, JsonSerializer.SerializeToUtf8Bytes(state, _jsonOptions));
            _nextKept = _nextToKeep;
            _keptServerTime = serverTime;
        }
    }

    private bool TrySave()
    {
        try
        {
            Save();
            return true;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // The caller knows what follows from that.
            return false;
        }
    }

    private static State Read(ISpoolDisk disk, string path)
    {
        try
        {
            var state = JsonSerializer.Deserialize<State>(DurableFile.Read(disk, path, MaxFileLength), _jsonOptions);
            if (state is { NextSequenceNumber: > 0 } && state.InstallId != Guid.Empty)
            {
                return state;
            }
        }
        catch (JsonException)
        {
            // Told below, with the remedy.
        }

        throw new InvalidDataException(
            $"'{path}' is damaged. Restore it from a backup; " +
            "or, to make this a new install of the device, move it away and let the operator replace the old one.");
    }

    private sealed record State(
        [property: JsonRequired] Guid InstallId,
        [property: JsonRequired] ulong NextSequenceNumber,
        long LastServerTimeUnixMs,
        string StorageGeneration = "");
}
