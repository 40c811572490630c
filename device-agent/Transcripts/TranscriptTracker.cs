using Fleet.DeviceAgent.Hooks;
using Fleet.V1;

namespace Fleet.DeviceAgent.Transcripts;

/// <summary>
/// Knows which utterances of one device were sent and have no transcript yet, and where their sound came from. Bounded: a cloud that
/// never answers does not fill the memory.
/// </summary>
internal sealed class TranscriptTracker(string deviceId, TranscriptPrinter printer, TimeProvider time, DeviceHooks? hooks = null)
{
    private const int MaxPending = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _sources = [];
    private readonly Queue<string> _order = [];
    private long _stored;
    private long _lastProgressAt = time.GetTimestamp();

    /// <summary>Utterances that have no transcript yet.</summary>
    public int Pending
    {
        get
        {
            lock (_lock)
            {
                return _sources.Count;
            }
        }
    }

    /// <summary>Utterances that the cloud has stored since the start.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Time since the cloud last answered anything about an utterance.</summary>
    public TimeSpan SinceProgress => time.GetElapsedTime(Interlocked.Read(ref _lastProgressAt));

    public void OnAdded(UtteranceStart start)
    {
        lock (_lock)
        {
            _sources[start.UtteranceId] = start.Source;
            _order.Enqueue(start.UtteranceId);
            while (_order.Count > MaxPending)
            {
                _sources.Remove(_order.Dequeue());
            }
        }
    }

    public void OnStored(string utteranceId)
    {
        Interlocked.Increment(ref _stored);
        hooks?.Raise(new HookCall(HookEvent.Stored) { UtteranceId = utteranceId });
        OnProgress();
    }

    /// <summary>No transcript will come: rejected for good, or dropped by the spool.</summary>
    public void OnGone(string utteranceId)
    {
        lock (_lock)
        {
            _sources.Remove(utteranceId);
        }

        OnProgress();
    }

    public void OnTranscript(Transcript transcript)
    {
        string? source;
        lock (_lock)
        {
            _sources.Remove(transcript.UtteranceId, out source);
        }

        OnProgress();
        printer.Print(deviceId, source ?? "-", transcript);
        hooks?.Raise(new HookCall(HookEvent.Transcript)
        {
            UtteranceId = transcript.UtteranceId, Status = transcript.Status.ToString().ToLowerInvariant(), Reason = transcript.Reason, Text = transcript.Text,
        });
    }

    private void OnProgress() => Interlocked.Exchange(ref _lastProgressAt, time.GetTimestamp());
}
