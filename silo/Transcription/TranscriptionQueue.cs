using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>What this silo is to transcribe, with the audio in memory. Bounded: the database holds the rest.</summary>
internal sealed class TranscriptionQueue : ITranscriptionQueue
{
    private readonly Channel<TranscriptionJob> _jobs;
    private readonly ConcurrentDictionary<JobKey, byte> _known = new();
    private readonly AudioMemory _memory;
    private readonly TimeProvider _time;
    private readonly int _capacity;
    private int _resting;

    public TranscriptionQueue(AudioMemory memory, FleetInstruments instruments, IOptions<ScoringOptions> options, TimeProvider time)
    {
        _memory = memory;
        _time = time;
        _capacity = options.Value.QueueUtterances;
        // Full means: the row is given back to the database, and claimed again when there is room.
        _jobs = Channel.CreateBounded<TranscriptionJob>(new BoundedChannelOptions(_capacity) { FullMode = BoundedChannelFullMode.Wait });
        instruments.Meter.CreateObservableGauge("fleet.transcription.waiting", () => _jobs.Reader.Count, "{utterance}", "Utterances that wait for the endpoint.");
    }

    /// <summary>How many jobs may still be added.</summary>
    public int Room => _memory.IsTight ? 0 : Math.Max(0, _capacity - _jobs.Reader.Count - Volatile.Read(ref _resting));

    public bool TryAccept(PendingUtterance utterance, long ownerEpoch, int attempt) =>
        Room > 0 && TryAdd(new JobKey(utterance.Row.Key, ownerEpoch, attempt), utterance.Audio);

    /// <summary>True: the queue owns the audio now.</summary>
    public bool TryAdd(JobKey key, PooledAudio audio)
    {
        if (!_known.TryAdd(key, 0))
        {
            // A device that sent it again: the job is being done.
            audio.Dispose();
            return true;
        }

        if (_jobs.Writer.TryWrite(new TranscriptionJob(key, audio, _time.GetTimestamp())))
        {
            return true;
        }

        _known.TryRemove(key, out _);
        return false;
    }

    /// <summary>The job is being done here, or its result waits to be written.</summary>
    public bool Knows(JobKey key) => _known.ContainsKey(key);

    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _jobs.Reader.WaitToReadAsync(cancellationToken);

    public bool TryTake([NotNullWhen(true)] out TranscriptionJob? job) => _jobs.Reader.TryRead(out job);

    /// <summary>A job that failed rests before it is tried again, and nobody waits for it. False: as many rest as may; wait with it.</summary>
    public bool TryRest()
    {
        if (Interlocked.Increment(ref _resting) <= _capacity)
        {
            return true;
        }

        Interlocked.Decrement(ref _resting);
        return false;
    }

    public void EndRest() => Interlocked.Decrement(ref _resting);

    /// <summary>Puts a job behind those that wait. False: there is no room.</summary>
    public bool TryPutBack(TranscriptionJob job) => _jobs.Writer.TryWrite(job);

    /// <summary>What became of the job is written, or is another's by now.</summary>
    public void Forget(JobKey key) => _known.TryRemove(key, out _);
}
