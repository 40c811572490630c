using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Where the first part of an utterance waits whose session broke, so that its device need send only the rest. A convenience: nobody relies on it, so it
/// is the first to go when memory is short. Bounded by age, by memory, and for each device by what it may have open.
/// </summary>
internal sealed class ParkingPlace : IDisposable
{
    // As many as a device may have open: device_ingest.proto, UtteranceStart.
    private const int MaxOfADevice = 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<UtteranceKey, LinkedListNode<Parked>> _parked = [];
    private readonly Dictionary<string, int> _ofDevice = new(StringComparer.Ordinal);
    private readonly LinkedList<Parked> _oldestFirst = new();
    private readonly AudioMemory _memory;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keep;
    private readonly ITimer _timer;

    public ParkingPlace(AudioMemory memory, IOptions<IngestOptions> options, TimeProvider time)
    {
        _memory = memory;
        _time = time;
        _keep = options.Value.Park;
        var look = _keep > TimeSpan.Zero ? _keep / 8 : Timeout.InfiniteTimeSpan;
        _timer = time.CreateTimer(static place => ((ParkingPlace)place!).LetGoOfOld(), this, look, look); // the state is this place
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _parked.Count;
            }
        }
    }

    /// <summary>Takes the audio over, to keep it or to let go of it.</summary>
    public void Park(UtteranceKey key, Guid installId, PooledAudio audio)
    {
        MakeRoom();
        if (_keep == TimeSpan.Zero || audio.Length == 0 || _memory.IsTight)
        {
            audio.Dispose();
            return;
        }

        lock (_lock)
        {
            Remove_NeedsLock(key)?.Audio.Dispose();
            if (_ofDevice.GetValueOrDefault(key.DeviceId) >= MaxOfADevice)
            {
                Remove_NeedsLock(_oldestFirst.First(parked => parked.Key.DeviceId == key.DeviceId).Key)?.Audio.Dispose();
            }

            _parked[key] = _oldestFirst.AddLast(new Parked(key, installId, audio, _time.GetTimestamp()));
            _ofDevice[key.DeviceId] = _ofDevice.GetValueOrDefault(key.DeviceId) + 1;
        }
    }

    /// <summary>Bytes that wait here for this install; 0 = none.</summary>
    public int ReceivedBytes(UtteranceKey key, Guid installId)
    {
        lock (_lock)
        {
            return _parked.TryGetValue(key, out var node) && node.Value.InstallId == installId ? node.Value.Audio.Length : 0;
        }
    }

    /// <summary>The audio, whose owner the caller is now; null when it is not here in just that length. Either way nothing of the utterance stays.</summary>
    public PooledAudio? Take(UtteranceKey key, Guid installId, ulong lengthBytes)
    {
        Parked? parked;
        lock (_lock)
        {
            parked = Remove_NeedsLock(key);
        }

        if (parked is null || (parked.InstallId == installId && (ulong)parked.Audio.Length == lengthBytes))
        {
            return parked?.Audio;
        }

        parked.Audio.Dispose();
        return null;
    }

    /// <summary>The oldest go until memory is not short any more.</summary>
    public void MakeRoom()
    {
        while (_memory.IsTight)
        {
            lock (_lock)
            {
                if (_oldestFirst.First is not { } oldest)
                {
                    return;
                }

                Remove_NeedsLock(oldest.Value.Key)?.Audio.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            while (_oldestFirst.First is { } oldest)
            {
                Remove_NeedsLock(oldest.Value.Key)?.Audio.Dispose();
            }
        }
    }

    private void LetGoOfOld()
    {
        lock (_lock)
        {
            while (_oldestFirst.First is { } oldest && _time.GetElapsedTime(oldest.Value.Timestamp) >= _keep)
            {
                Remove_NeedsLock(oldest.Value.Key)?.Audio.Dispose();
            }
        }
    }

    private Parked? Remove_NeedsLock(UtteranceKey key)
    {
        if (!_parked.Remove(key, out var node))
        {
            return null;
        }

        _oldestFirst.Remove(node);
        var left = _ofDevice[key.DeviceId] - 1;
        if (left == 0)
        {
            _ofDevice.Remove(key.DeviceId);
        }
        else
        {
            _ofDevice[key.DeviceId] = left;
        }

        return node.Value;
    }

    private sealed record Parked(UtteranceKey Key, Guid InstallId, PooledAudio Audio, long Timestamp);
}
