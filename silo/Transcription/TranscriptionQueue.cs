using Fleet.Silo.Ingest;
using Fleet.Silo.Telemetry;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Transcription;

/// <summary>
/// What this silo is to transcribe, with the audio in memory. Bounded: the database holds the rest. Live speech goes first; what was spoken earlier (an outage,
/// a device that was away) has its share, and gives its place up when live speech needs it.
/// </summary>
internal sealed class TranscriptionQueue : ITranscriptionQueue
{
    private readonly Lock _lock = new();
    private readonly HashSet<JobKey> _known = [];
    private readonly Lane _live = new();
    private readonly Lane _backlog = new();
    private readonly Lane _background = new();
    private readonly List<TranscriptionJob> _resting = [];
    private readonly List<JobKey> _displaced = [];
    private readonly AudioMemory _memory;
    private readonly TimeProvider _time;
    private readonly ScoringOptions _options;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _number;
    private int _backlogShare;

    public TranscriptionQueue(AudioMemory memory, FleetInstruments instruments, IOptions<ScoringOptions> options, TimeProvider time)
    {
        _memory = memory;
        _time = time;
        _options = options.Value;
        instruments.Meter.CreateObservableGauge("fleet.transcription.waiting", () => Waiting, "{utterance}", "Utterances that wait for the endpoint.");
        instruments.Meter.CreateObservableGauge(
            "fleet.transcription.backlog", () => Count(_backlog), "{utterance}", "Of those that wait, the ones that were spoken longer ago than LiveSeconds.");
        instruments.Meter.CreateObservableGauge("fleet.transcription.background.waiting", () => Count(_background), "{utterance}", "Recordings that wait for room beside live speech.");
    }

    /// <summary>
    /// The endpoint takes calls: then live speech may displace what is older. While it is away nothing is gained by it, and each would cost a write.
    /// </summary>
    public bool MayDisplace { get; set; }

    /// <summary>How many utterances that were just spoken may be added.</summary>
    public int Room
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, Free_NeedsLock) + (MayDisplace ? _backlog.Count : 0);
            }
        }
    }

    /// <summary>How many may be fetched from the database: half of the room is left to what is spoken meanwhile.</summary>
    public int BacklogRoom
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, Free_NeedsLock - (_options.QueueUtterances / 2));
            }
        }
    }

    /// <summary>Without those that rest.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _live.Count + _backlog.Count;
            }
        }
    }

    public int BackgroundWaiting => Count(_background);

    public int Resting
    {
        get
        {
            lock (_lock)
            {
                return _resting.Count;
            }
        }
    }

    /// <summary>Done when something has been added since it was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    private int Free_NeedsLock => _memory.IsTight ? 0 : _options.QueueUtterances - _live.Count - _backlog.Count - _resting.Count;

    public bool TryAccept(PendingUtterance utterance, long ownerEpoch, int attempt) => TryAdd(
        new JobKey(utterance.Row.Key, ownerEpoch, attempt), utterance.Audio, utterance.Row.StartedAt + utterance.Row.Duration, utterance.Row.TranscribeFrom);

    /// <summary>True: the queue owns the audio now.</summary>
    public bool TryAdd(JobKey key, PooledAudio audio, DateTimeOffset? spokenAt = null, TimeSpan transcribeFrom = default)
    {
        lock (_lock)
        {
            if (_known.Contains(key))
            {
                // A device that sent it again: the job is being done.
                audio.Dispose();
                return true;
            }

            var now = _time.GetUtcNow();
            // A device whose clock is ahead speaks now.
            var spoken = spokenAt is { } at && at < now ? at : now;
            var isLive = now - spoken < _options.Live;
            if (Free_NeedsLock <= 0 && !(isLive && MayDisplace && TryDisplace_NeedsLock()))
            {
                return false;
            }

            _known.Add(key);
            (isLive ? _live : _backlog).Add(new TranscriptionJob(key, audio, _time.GetTimestamp(), spoken, _number++, transcribeFrom));
            SignalChange_NeedsLock();
            return true;
        }
    }

    /// <summary>The caller keeps the audio until the request is completed or withdrawn.</summary>
    public TranscriptionJob AddBackground(Guid utteranceId, PooledAudio audio, BackgroundRequest request, TimeSpan transcribeFrom = default)
    {
        lock (_lock)
        {
            var job = new TranscriptionJob(
                new JobKey(new UtteranceKey("", utteranceId), 0, 0), audio, _time.GetTimestamp(), _time.GetUtcNow(), _number++, transcribeFrom) { Background = request };
            _background.Add(job);
            SignalChange_NeedsLock();
            return job;
        }
    }

    /// <summary>Takes it out if it waits or rests; if a call has it, that lets it go.</summary>
    public void Withdraw(TranscriptionJob job)
    {
        lock (_lock)
        {
            if (_background.Take(job) || _resting.Remove(job))
            {
                job.Audio.Dispose();
            }
        }
    }

    /// <summary>The job is being done here, or its result waits to be written.</summary>
    public bool Knows(JobKey key)
    {
        lock (_lock)
        {
            return _known.Contains(key);
        }
    }

    /// <summary>Takes a batch of live speech, or of what has waited for longer in its turn; null = there is none of the kind that is asked for.</summary>
    public BatchPlan? TryTake(TakeRequest request)
    {
        lock (_lock)
        {
            Sort_NeedsLock();
            var ready = _live.Count + _backlog.Count;
            if (ready == 0)
            {
                return null;
            }

            var bounds = request.Bounds with
            {
                Utterances = request.FullOnly ? request.Bounds.Utterances : Math.Min(request.Bounds.Utterances, (ready + request.FreePlaces - 1) / Math.Max(1, request.FreePlaces)),
            };
            var looksAt = BatchPlanner.LooksAt(bounds);
            // Its share is for the oldest; beyond it the newest is what people still wait for.
            var isBacklogsTurn = _backlog.Count > 0 && _backlogShare + _options.BacklogPercent >= 100;
            var live = _live.InTurn(looksAt, newestFirst: false);
            var backlog = _backlog.InTurn(looksAt, newestFirst: !isBacklogsTurn);
            var (first, second) = isBacklogsTurn || live.Count == 0 ? (backlog, live) : (live, backlog);
            if (request.NeedsFresh && !TryPutFreshFirst(ref first, ref second))
            {
                return null;
            }

            var plan = BatchPlanner.Choose(first, second, bounds, request.Format, request.Cost);
            if (request.FullOnly && !plan.IsFull)
            {
                return null;
            }

            _backlogShare = _backlog.Count == 0 ? 0 : (_backlogShare + _options.BacklogPercent) % 100;
            foreach (var job in plan.Jobs)
            {
                _live.Take(job);
                _backlog.Take(job);
            }

            return plan;
        }
    }

    /// <summary>Takes a batch of what is not live, that this deployment may recognise.</summary>
    public BatchPlan? TryTakeBackground(TakeRequest request)
    {
        lock (_lock)
        {
            Sort_NeedsLock();
            List<TranscriptionJob> jobs =
                [.. _background.InTurn(int.MaxValue, newestFirst: false).Where(job => job.Background?.Deployment is null or "" || job.Background.Deployment == request.Deployment)];
            List<TranscriptionJob> none = [];
            if (jobs.Count == 0 || (request.NeedsFresh && !TryPutFreshFirst(ref jobs, ref none)))
            {
                return null;
            }

            var plan = BatchPlanner.Choose(jobs, none, request.Bounds, request.Format, request.Cost);
            foreach (var job in plan.Jobs)
            {
                _background.Take(job);
            }

            return plan;
        }
    }

    /// <summary>A job whose call ended without a verdict waits again, in its old place.</summary>
    public void PutBack(TranscriptionJob job)
    {
        lock (_lock)
        {
            Return_NeedsLock(job);
            SignalChange_NeedsLock();
        }
    }

    /// <summary>A job that failed rests before it is tried again, and nobody waits for it.</summary>
    public void Rest(TranscriptionJob job, TimeSpan pause)
    {
        lock (_lock)
        {
            job.RestsUntil = _time.GetTimestamp() + (long)(pause.TotalSeconds * _time.TimestampFrequency);
            _resting.Add(job);
            SignalChange_NeedsLock();
        }
    }

    /// <summary>Until the first that rests is ready, negative when it is; null = none rests.</summary>
    public TimeSpan? UntilRested()
    {
        lock (_lock)
        {
            return _resting.Count == 0 ? null : _time.GetElapsedTime(_time.GetTimestamp(), _resting.Min(static job => job.RestsUntil));
        }
    }

    /// <summary>How long the one waits that has waited longest; null = nobody waits.</summary>
    public TimeSpan? LongestWait()
    {
        lock (_lock)
        {
            return (_live.Oldest() ?? _backlog.Oldest()) is { } job ? _time.GetElapsedTime(job.AcceptedTimestamp) : null;
        }
    }

    /// <summary>What live speech displaced; its rows are to be given back.</summary>
    public IReadOnlyList<JobKey> TakeDisplaced()
    {
        lock (_lock)
        {
            List<JobKey> displaced = [.. _displaced];
            _displaced.Clear();
            return displaced;
        }
    }

    /// <summary>Something else has changed that may let a call begin.</summary>
    public void Poke()
    {
        lock (_lock)
        {
            SignalChange_NeedsLock();
        }
    }

    /// <summary>What became of the job is written, or is another's by now.</summary>
    public void Forget(JobKey key)
    {
        lock (_lock)
        {
            _known.Remove(key);
        }
    }

    private static bool TryPutFreshFirst(ref List<TranscriptionJob> first, ref List<TranscriptionJob> second)
    {
        var fresh = first.Find(static job => job.Calls == 0);
        if (fresh is null)
        {
            fresh = second.Find(static job => job.Calls == 0);
            (first, second) = (second, first);
        }

        if (fresh is null)
        {
            return false;
        }

        first.Remove(fresh);
        first.Insert(0, fresh);
        return true;
    }

    private int Count(Lane lane)
    {
        lock (_lock)
        {
            return lane.Count;
        }
    }

    // What has waited for long is not live any more; what has rested waits again.
    private void Sort_NeedsLock()
    {
        foreach (var job in _live.SpokenUntil(_time.GetUtcNow() - _options.Live))
        {
            _live.Take(job);
            _backlog.Add(job);
        }

        var now = _time.GetTimestamp();
        for (var i = _resting.Count - 1; i >= 0; i--)
        {
            if (_resting[i].RestsUntil <= now)
            {
                Return_NeedsLock(_resting[i]);
                _resting.RemoveAt(i);
            }
        }
    }

    private void Return_NeedsLock(TranscriptionJob job)
    {
        (job.Background is not null ? _background : _time.GetUtcNow() - job.SpokenAt < _options.Live ? _live : _backlog).Add(job);
    }

    private bool TryDisplace_NeedsLock()
    {
        if (_backlog.Oldest() is not { } oldest)
        {
            return false;
        }

        _backlog.Take(oldest);
        _known.Remove(oldest.Key);
        _displaced.Add(oldest.Key);
        oldest.Audio.Dispose();
        return true;
    }

    private void SignalChange_NeedsLock()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
