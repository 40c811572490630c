using Fleet.Silo.Membership;
using Fleet.Silo.Telemetry;
using Fleet.Silo.Testing;
using Fleet.Storage;
using Microsoft.Extensions.Options;

namespace Fleet.Silo.Ingest;

/// <summary>
/// Commits what devices report as lost; apart from <see cref="UtteranceWriter"/>, so that a device which lost thousands holds up nobody's utterance.
/// While the database is away losses are held, as many as the queue takes.
/// </summary>
internal sealed partial class LossWriter(
    IUtteranceStore store, SiloStatus status, FleetInstruments instruments, IOptions<IngestOptions> options, TimeProvider time, ILogger<LossWriter> logger)
    : GroupWriter<PendingLoss>(status, options.Value, time)
{
    protected override UtteranceKey KeyOf(PendingLoss item) => item.Row.Key;

    protected override long BytesOf(PendingLoss item) => 0;

    protected override long ReceivedAt(PendingLoss item) => item.ReceivedTimestamp;

    protected override async Task CommitAsync(List<PendingLoss> group, CancellationToken cancellationToken)
    {
        List<NewLoss> rows = [.. group.Select(loss => loss.Row)];
        FaultPoint.Pass(FaultPoint.LossBeforeCommit);
        var results = await StoreUntilDoneAsync(token => store.StoreLossesAsync(rows, token), group.Count, cancellationToken);
        FaultPoint.Pass(FaultPoint.LossAfterCommitBeforeAck);
        for (var i = 0; i < group.Count; i++)
        {
            var row = group[i].Row;
            CountAnswer();
            if (results[i].Outcome == StoreOutcome.Stored)
            {
                instruments.OnLossStored(row.Reason.ToString());
                LogLost(row.DeviceId, row.UtteranceId, row.SequenceNumber, row.Reason.ToString());
            }

            group[i].Origin.OnAnswer(group[i], results[i]);
        }
    }

    protected override void OnNotStored(Exception exception, bool isFirst)
    {
        if (isFirst)
        {
            LogHeld(exception is StorageUnavailableException ? null : exception, UnansweredCount, exception.Message);
        }
    }

    protected override void OnStored(int count, TimeSpan took, TimeSpan? heldFor)
    {
        if (heldFor is { } held)
        {
            LogTakenAgain(held, UnansweredCount);
        }
    }

    [LoggerMessage(EventIds.LossesHeld, LogLevel.Warning, "{Count} losses that devices reported are held and not acked until the database takes them: {Reason}")]
    private partial void LogHeld(Exception? exception, int count, string reason);

    [LoggerMessage(EventIds.LossesTaken, LogLevel.Information, "The database takes losses again after {HeldFor}; {Count} wait.")]
    private partial void LogTakenAgain(TimeSpan heldFor, int count);

    [LoggerMessage(EventIds.UtteranceLost, LogLevel.Information, "Device {DeviceId} lost utterance {UtteranceId} (number {SequenceNumber}): {Reason}")]
    private partial void LogLost(string deviceId, Guid utteranceId, long sequenceNumber, string reason);
}
