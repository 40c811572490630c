using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Commits utterances, and hands them to the transcriber with their audio. How much is held while the database is away is bounded by the devices'
/// credit and by Fleet:Ingest:MaxTotalAudioBytes.
/// </summary>
internal sealed partial class UtteranceWriter : GroupWriter<PendingUtterance>
{
    private readonly IUtteranceStore _store;
    private readonly ITranscriptionQueue _transcription;
    private readonly AudioMemory _memory;
    private readonly SiloStatus _status;
    private readonly FleetInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<UtteranceWriter> _logger;
    private readonly List<NewUtterance> _rows = [];

    public UtteranceWriter(
        IUtteranceStore store,
        ITranscriptionQueue transcription,
        AudioMemory memory,
        SiloStatus status,
        FleetInstruments instruments,
        IOptions<IngestOptions> options,
        TimeProvider time,
        ILogger<UtteranceWriter> logger)
        : base(status, options.Value, time)
    {
        _store = store;
        _transcription = transcription;
        _memory = memory;
        _status = status;
        _instruments = instruments;
        _time = time;
        _logger = logger;
        instruments.Meter.CreateObservableGauge("fleet.storage.commit.waiting", () => UnansweredCount, "{utterance}", "Utterances that wait for their commit.");
    }

    /// <summary>Which utterances wait for their commit.</summary>
    public CommitsInProgress InProgress { get; } = new();

    /// <summary>True: the writer owns the audio and will answer. False: the queue is full.</summary>
    public override bool TryEnqueue(PendingUtterance item)
    {
        // Read before it is somebody else's.
        var (key, bytes) = (item.Row.Key, item.Audio.Length);
        InProgress.Begin(key);
        _memory.AddCommitting(bytes);
        if (base.TryEnqueue(item))
        {
            return true;
        }

        _memory.AddCommitting(-bytes);
        InProgress.End(key);
        return false;
    }

    protected override UtteranceKey KeyOf(PendingUtterance item) => item.Row.Key;

    protected override long BytesOf(PendingUtterance item) => item.Audio.Length;

    protected override long ReceivedAt(PendingUtterance item) => item.ReceivedTimestamp;

    protected override async Task CommitAsync(List<PendingUtterance> group, CancellationToken cancellationToken)
    {
        _rows.Clear();
        _rows.AddRange(group.Select(utterance => utterance.Row));
        LeaveWhatHasNoRoom();
        FaultPoint.Pass(FaultPoint.BeforeCommit);
        var (results, ownerEpoch) = await StoreUntilDoneAsync(StoreAsync, group.Count, cancellationToken);
        FaultPoint.Pass(FaultPoint.AfterCommitBeforeAck);
        List<UtteranceKey>? overflow = null;
        for (var i = 0; i < group.Count; i++)
        {
            var utterance = group[i];
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

        if (overflow is not null)
        {
            // Each of the group has its owner by now: a stop in here must let go of none a second time.
            group.Clear();
            await GiveBackAsync(ownerEpoch, overflow, cancellationToken);
        }
    }

    protected override void OnNotStored(Exception exception, bool isFirst)
    {
        _instruments.OnCommitRetried();
        _status.SetWritesHeld(exception.Message);
        if (isFirst)
        {
            LogWritesHeld(exception is StorageUnavailableException ? null : exception, UnansweredCount, exception.Message);
        }
    }

    protected override void OnStored(int count, TimeSpan took, TimeSpan? heldFor)
    {
        _instruments.OnCommitted(count, took);
        _status.SetWritesResumed();
        if (heldFor is { } held)
        {
            LogWritesResumed(held, UnansweredCount);
        }
    }

    protected override void Abandon(PendingUtterance item) => item.Audio.Dispose();

    private async Task<(IReadOnlyList<StoreResult> Results, long OwnerEpoch)> StoreAsync(CancellationToken cancellationToken)
    {
        var ownerEpoch = _status.OwnerEpoch;
        return (await _store.StoreAsync(_rows, ownerEpoch, cancellationToken), ownerEpoch);
    }

    /// <summary>True: its origin has taken the audio.</summary>
    private bool Answer(PendingUtterance utterance, StoreResult result)
    {
        CountAnswer();
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

    // While the endpoint is slower than the devices its queue is full: to store such rows as ours and give them back at once would write each twice,
    // which took a third of the ingest rate (docs/benchmarks.md, "Ingest").
    private void LeaveWhatHasNoRoom()
    {
        for (var i = Math.Max(0, _transcription.Room); i < _rows.Count; i++)
        {
            _rows[i] = _rows[i] with { IsUnowned = true };
        }
    }

    private async Task GiveBackAsync(long ownerEpoch, List<UtteranceKey> keys, CancellationToken cancellationToken)
    {
        for (var delay = FirstRetry; ; delay = Next(delay))
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
}
