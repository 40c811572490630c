using System.Threading.Channels;
using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Commits what devices report as lost, in groups as <see cref="UtteranceWriter"/> does; apart from it, so that a device which lost thousands holds up
/// nobody's utterance. Only what is committed is acked; while the database is away losses are held, as many as the queue takes.
/// </summary>
internal sealed partial class LossWriter : BackgroundService
{
    private static readonly TimeSpan _firstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestRetry = TimeSpan.FromSeconds(5);

    private readonly IUtteranceStore _store;
    private readonly SiloStatus _status;
    private readonly FleetInstruments _instruments;
    private readonly IngestOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<LossWriter> _logger;
    private readonly Channel<PendingLoss> _queue;
    private readonly List<PendingLoss> _group = [];
    private int _unanswered;

    public LossWriter(
        IUtteranceStore store, SiloStatus status, FleetInstruments instruments, IOptions<IngestOptions> options, TimeProvider time, ILogger<LossWriter> logger)
    {
        _store = store;
        _status = status;
        _instruments = instruments;
        _options = options.Value;
        _time = time;
        _logger = logger;
        // Full means: refuse it for now, as for utterances.
        _queue = Channel.CreateBounded<PendingLoss>(
            new BoundedChannelOptions(_options.CommitQueueUtterances) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    }

    /// <summary>Losses that were taken and not yet answered.</summary>
    public int UnansweredCount => Volatile.Read(ref _unanswered);

    /// <summary>False: the queue is full.</summary>
    public bool TryEnqueue(PendingLoss loss)
    {
        Interlocked.Increment(ref _unanswered);
        if (_queue.Writer.TryWrite(loss))
        {
            return true;
        }

        Interlocked.Decrement(ref _unanswered);
        return false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _status.Started.WaitAsync(stoppingToken);
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                _group.Clear();
                while (_group.Count < _options.CommitMaxUtterances && _queue.Reader.TryRead(out var loss))
                {
                    _group.Add(loss);
                }

                FaultPoint.Pass(FaultPoint.LossBeforeCommit);
                var results = await StoreUntilDoneAsync([.. _group.Select(loss => loss.Row)], stoppingToken);
                FaultPoint.Pass(FaultPoint.LossAfterCommitBeforeAck);
                for (var i = 0; i < _group.Count; i++)
                {
                    Answer(_group[i], results[i]);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left was not acked: its devices report it again.
        }
    }

    private void Answer(PendingLoss loss, StoreResult result)
    {
        Interlocked.Decrement(ref _unanswered);
        if (result.Outcome == StoreOutcome.Stored)
        {
            _instruments.OnLossStored(loss.Row.Reason.ToString());
            LogLost(loss.Row.DeviceId, loss.Row.UtteranceId, loss.Row.SequenceNumber, loss.Row.Reason.ToString());
        }

        loss.Origin.OnAnswer(loss, result);
    }

    private async Task<IReadOnlyList<StoreResult>> StoreUntilDoneAsync(List<NewLoss> rows, CancellationToken cancellationToken)
    {
        var wasHeld = false;
        for (var delay = _firstRetry; ; delay = 2 * delay < _longestRetry ? 2 * delay : _longestRetry)
        {
            try
            {
                return await _store.StoreLossesAsync(rows, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                if (!wasHeld)
                {
                    LogHeld(exception is StorageUnavailableException ? null : exception, UnansweredCount, exception.Message);
                    wasHeld = true;
                }
            }

            await Task.Delay(delay * (0.5 + (Random.Shared.NextDouble() / 2)), _time, cancellationToken);
        }
    }

    [LoggerMessage(EventIds.LossesHeld, LogLevel.Warning, "{Count} losses that devices reported are held and not acked until the database takes them: {Reason}")]
    private partial void LogHeld(Exception? exception, int count, string reason);

    [LoggerMessage(EventIds.UtteranceLost, LogLevel.Information, "Device {DeviceId} lost utterance {UtteranceId} (number {SequenceNumber}): {Reason}")]
    private partial void LogLost(string deviceId, Guid utteranceId, long sequenceNumber, string reason);
}
