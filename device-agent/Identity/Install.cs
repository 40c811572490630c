using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.Identity;

/// <summary>
/// Who this agent is, in <c>install.json</c>: the install id, made once; the next sequence number; the last server time seen; the generation of
/// the cluster's storage. Each change is on disk (fsync, atomic rename) before it is used, so that a number is given once whatever loses power
/// when.
/// </summary>
internal sealed class Install
{
    private const string FileName = "install.json";

    // Kept on disk when it has moved by so much: each write wears the SD card.
    private static readonly TimeSpan _serverTimeStep = TimeSpan.FromHours(1);

    private static readonly JsonSerializerOptions _jsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly AgentClock _clock;
    private ulong _nextSequenceNumber;
    private string _storageGeneration;
    private DateTimeOffset _keptServerTime;

    private Install(string path, State state, TimeProvider time)
    {
        _path = path;
        _nextSequenceNumber = state.NextSequenceNumber;
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
    public static Install Open(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            return new Install(path, Read(path), time);
        }

        var install = new Install(path, new State(Guid.NewGuid(), 1, 0, ""), time);
        install.Save();
        return install;
    }

    /// <summary>The install id, if there is one yet; nothing is written. For a look from outside while the agent runs.</summary>
    /// <exception cref="InvalidDataException">The file is there and cannot be read.</exception>
    public static Guid? Peek(string folder)
    {
        var path = Path.Combine(folder, FileName);
        return File.Exists(path) ? Read(path).InstallId : null;
    }

    /// <summary>
    /// The number is used: called when the spool file that carries it is on disk, and at start for each file in the spool. So after a crash
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
            Save();
        }
    }

    /// <summary>
    /// The newest number was given to an utterance of which nothing is left and of which the cloud cannot have a whole: it is free again.
    /// </summary>
    public void ReturnSequenceNumber(ulong number)
    {
        lock (_lock)
        {
            if (number > 0 && number == _nextSequenceNumber - 1)
            {
                _nextSequenceNumber = number;
                Save();
            }
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
            var serverTime = _clock.LastServerTime;
            var state = new State(InstallId, _nextSequenceNumber, serverTime.ToUnixTimeMilliseconds(), _storageGeneration);
            DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(state, _jsonOptions));
            _keptServerTime = serverTime;
        }
    }

    private static State Read(string path)
    {
        try
        {
            var state = JsonSerializer.Deserialize<State>(File.ReadAllBytes(path), _jsonOptions);
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
