using Fleet.Silo.Telemetry;

namespace Fleet.Silo.Retranscription;

internal sealed partial class RetranscriptionWorker
{
    [LoggerMessage(EventIds.RunTaken, LogLevel.Information, "Run {RunId} through deployment {Deployment} is in work (attempt {Attempt}).")]
    private partial void LogTaken(Guid runId, string deployment, int attempt);

    [LoggerMessage(EventIds.RunFinished, LogLevel.Information, "Run {RunId} is finished: it waits for somebody to promote or discard it.")]
    private partial void LogFinished(Guid runId);

    [LoggerMessage(EventIds.RunLost, LogLevel.Information, "Run {RunId} is not this silo's any more: it was cancelled, or another silo has taken it up.")]
    private partial void LogLost(Guid runId);

    [LoggerMessage(EventIds.RunSettled, LogLevel.Information, "Run {RunId}: {Decision} {Count} utterances.")]
    private partial void LogSettled(Guid runId, string decision, int count);

    [LoggerMessage(EventIds.RunHeld, LogLevel.Debug, "Runs wait until the database is back: {Reason}")]
    private partial void LogHeld(string reason);

    [LoggerMessage(EventIds.RunBroken, LogLevel.Error, "A run failed at this silo; it is taken up again.")]
    private partial void LogBroken(Exception exception);
}
