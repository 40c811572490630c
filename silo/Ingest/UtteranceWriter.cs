using System.Threading.Channels;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Commits utterances in groups: whatever has come while the last transaction ran goes into the next, so a lone utterance waits for nobody and a
/// crowd shares its commits. Under load a group may wait a little for company (Fleet:Ingest:CommitMaxAgeMs). Only what is committed is acked. While the database is away everything is held and tried again; how much that
/// can be is bounded by the devices' credit and by Fleet:Ingest:MaxTotalAudioBytes.
/// </summary>
internal sealed partial class UtteranceWriter : BackgroundService
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(5);

    private readonly IUtteranceStore _store;
    private readonly ITranscriptionQueue _transcription;
    private readonly AudioMemory _memory;
    private readonly SiloStatus _status;
    private readonly FleetInstruments _instruments;
    private readonly IngestOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<UtteranceWriter> _logger;
    private readonly Channel<PendingUtterance> _queue;
    private readonly List<PendingUtterance> _group = [];
    private readonly List<NewUtterance> _rows = [];
    private readonly HashSet<UtteranceKey> _keys = [];
    private PendingUtterance? _carriedOver;
    private long _groupBytes;
    private int _previousCount;
    private int _unanswered;

    public UtteranceWriter(
        IUtteranceStore store,
        ITranscriptionQueue transcription,
        AudioMemory memory,
        SiloStatus status,
        FleetInstruments instruments,
        IOptions<IngestOptions> options,
        TimeProvider time,
        ILogger<UtteranceWriter> logger)
    {
        _store = store;
        _transcription = transcription;
        _memory = memory;
        _status = status;
        _instruments = instruments;
        _options = options.Value;
        _time = time;
        _logger = logger;
        // Full means: refuse the utterance for now. Waiting here would stop the stream's reading, and with it its heartbeats.
        _queue = Channel.CreateBounded<PendingUtterance>(
            new BoundedChannelOptions(_options.CommitQueueUtterances) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
        instruments.Meter.CreateObservableGauge("fleet.storage.commit.waiting", () => UnansweredCount, "{utterance}", "Utterances that wait for their commit.");
    }

    /// <summary>Utterances that were taken and not yet answered.</summary>
    public int UnansweredCount => Volatile.Read(ref _unanswered);

    /// <summary>Which utterances those are.</summary>
    public CommitsInProgress InProgress { get; } = new();

    /// <summary>True: the writer owns the audio and will answer. False: the queue is full.</summary>
    public bool TryEnqueue(PendingUtterance utterance)
    {
        // Read before it is somebody else's.
        var (key, bytes) = (utterance.Row.Key, utterance.Audio.Length);
        Interlocked.Increment(ref _unanswered);
        InProgress.Begin(key);
        _memory.AddCommitting(bytes);
        if (_queue.Writer.TryWrite(utterance))
        {
            return true;
        }

        _memory.AddCommitting(-bytes);
        InProgress.End(key);
        Interlocked.Decrement(ref _unanswered);
        return false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _status.Started.WaitAsync(stoppingToken);
            while (await FillGroupAsync(stoppingToken))
            {
                await CommitGroupAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left was not acked: its devices send it again, elsewhere or to the next start.
        }
        finally
        {
            DisposeHeld();
        }
    }

    private async Task<bool> FillGroupAsync(CancellationToken cancellationToken)
    {
        _group.Clear();
        _keys.Clear();
        _groupBytes = 0;
        if (_carriedOver is null && !await _queue.Reader.WaitToReadAsync(cancellationToken))
        {
            return false;
        }

        TakeWhatIsThere();
        // A lone utterance waits for nobody: only a group that follows one with company expects some.
        if (_options.CommitMaxAgeMs > 0 && _previousCount > 1)
        {
            await WaitForCompanyAsync(cancellationToken);
        }

        return true;
    }

    private void TakeWhatIsThere()
    {
        while (_group.Count < _options.CommitMaxUtterances && TryTakeNext(out var next))
        {
            // The same utterance twice (an old session's and its resend) must not share a statement: each is to get an answer of its own.
            if (!_keys.Add(next.Row.Key) || (_group.Count > 0 && _groupBytes + next.Audio.Length > _options.CommitMaxBytes))
            {
                _carriedOver = next;
                break;
            }

            _groupBytes += next.Audio.Length;
            _group.Add(next);
        }
    }

    private async Task WaitForCompanyAsync(CancellationToken cancellationToken)
    {
        var left = _options.CommitMaxAge - _time.GetElapsedTime(_group[0].ReceivedTimestamp);
        if (left <= TimeSpan.Zero)
        {
            return;
        }

        using var old = new CancellationTokenSource(left, _time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(old.Token, cancellationToken);
        try
        {
            while (_carriedOver is null && _group.Count < _options.CommitMaxUtterances && await _queue.Reader.WaitToReadAsync(over.Token))
            {
                TakeWhatIsThere();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Old enough.
        }
    }

    private bool TryTakeNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PendingUtterance? next)
    {
        if (_carriedOver is not null)
        {
            next = _carriedOver;
            _carriedOver = null;
            return true;
        }

        return _queue.Reader.TryRead(out next);
    }

    private async Task CommitGroupAsync(CancellationToken cancellationToken)
    {
        _rows.Clear();
        _rows.AddRange(_group.Select(utterance => utterance.Row));
        FaultPoint.Pass(FaultPoint.BeforeCommit);
        var (results, ownerEpoch) = await StoreUntilDoneAsync(cancellationToken);
        FaultPoint.Pass(FaultPoint.AfterCommitBeforeAck);
        List<UtteranceKey>? overflow = null;
        for (var i = 0; i < _group.Count; i++)
        {
            var utterance = _group[i];
            var result = results[i];
            var isTaken = Answer(utterance, result);
            if (!result.OwnedByCaller)
            {
                if (!isTaken)
                {
                    utterance.Audio.Dispose();
                }

                continue;
            }

            FaultPoint.Pass(FaultPoint.AfterStoreBeforeQueue);
            if (!_transcription.TryAccept(utterance, ownerEpoch, result.Attempt))
            {
                (overflow ??= []).Add(utterance.Row.Key);
                utterance.Audio.Dispose();
            }
        }

        _previousCount = _group.Count;
        _group.Clear();
        if (overflow is not null)
        {
            await GiveBackAsync(ownerEpoch, overflow, cancellationToken);
        }
    }

    /// <summary>True: its origin has taken the audio.</summary>
    private bool Answer(PendingUtterance utterance, StoreResult result)
    {
        Interlocked.Decrement(ref _unanswered);
        _memory.AddCommitting(-utterance.Audio.Length);
        _instruments.OnUtteranceAnswered(result.Outcome.ToString(), _time.GetElapsedTime(utterance.ReceivedTimestamp));
        if (result.Outcome == StoreOutcome.Failed)
        {
            LogNotStorable(utterance.Row.DeviceId, utterance.Row.UtteranceId, result.Message ?? "");
        }

        var isTaken = utterance.Origin.OnAnswer(utterance, result);
        // After the origin has done what it does: who waited for this finds it done.
        InProgress.End(utterance.Row.Key);
        return isTaken;
    }

    private async Task<(IReadOnlyList<StoreResult> Results, long OwnerEpoch)> StoreUntilDoneAsync(CancellationToken cancellationToken)
    {
        var held = _time.GetTimestamp();
        var wasHeld = false;
        for (var delay = _firstRetry; ; delay = Min(2 * delay, _longestRetry))
        {
            var started = _time.GetTimestamp();
            var ownerEpoch = _status.OwnerEpoch;
            try
            {
                var results = await _store.StoreAsync(_rows, ownerEpoch, cancellationToken);
                _instruments.OnCommitted(_rows.Count, _time.GetElapsedTime(started));
                _status.SetWritesResumed();
                if (wasHeld)
                {
                    LogWritesResumed(_time.GetElapsedTime(held), UnansweredCount);
                }

                return (results, ownerEpoch);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                _instruments.OnCommitRetried();
                _status.SetWritesHeld(exception.Message);
                if (!wasHeld)
                {
                    LogWritesHeld(exception is StorageUnavailableException ? null : exception, UnansweredCount, exception.Message);
                    wasHeld = true;
                }
            }

            await Task.Delay(delay * (0.5 + (Random.Shared.NextDouble() / 2)), _time, cancellationToken);
        }
    }

    private async Task GiveBackAsync(long ownerEpoch, List<UtteranceKey> keys, CancellationToken cancellationToken)
    {
        for (var delay = _firstRetry; ; delay = Min(2 * delay, _longestRetry))
        {
            try
            {
                await _store.ReleaseAsync(ownerEpoch, keys, cancellationToken);
                return;
            }
            catch (StorageUnavailableException)
            {
                // Rows that are not given back would wait until this silo stops.
                await Task.Delay(delay, _time, cancellationToken);
            }
        }
    }

    private void DisposeHeld()
    {
        _queue.Writer.TryComplete();
        foreach (var utterance in _group)
        {
            utterance.Audio.Dispose();
        }

        while (TryTakeNext(out var utterance))
        {
            utterance.Audio.Dispose();
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
