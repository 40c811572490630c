using Fleet.V1;

namespace Fleet.DeviceAgent.Uplink;

internal sealed partial class UplinkSession
{
    [LoggerMessage(
        200, LogLevel.Information,
        "Connected to silo '{Silo}' after {OfflineSeconds:0.0} s without (session {Epoch}, credit {CreditBytes} bytes); " +
        "{Waiting} utterances wait in the spool")]
    private partial void LogWelcome(string silo, double offlineSeconds, long epoch, ulong creditBytes, int waiting);

    [LoggerMessage(201, LogLevel.Debug, "Utterance {UtteranceId} is stored (duplicate: {IsDuplicate})")]
    private partial void LogStored(string utteranceId, bool isDuplicate);

    [LoggerMessage(202, LogLevel.Warning, "Utterance {UtteranceId} was not taken ({Code}: {Reason}); it is sent again in {Seconds:0.0} s")]
    private partial void LogRetry(string utteranceId, UtteranceRejected.Types.Code code, string reason, double seconds);

    [LoggerMessage(203, LogLevel.Debug, "The credit is {CreditBytes} bytes now: {Reason}")]
    private partial void LogSlow(ulong creditBytes, string reason);

    [LoggerMessage(
        204, LogLevel.Information,
        "The silo is about to stop; what is open is finished within {WithinMs} ms, then the device connects again")]
    private partial void LogDrain(uint withinMs);

    [LoggerMessage(
        205, LogLevel.Warning,
        "The cluster takes utterances of at most {Seconds} s; lower --max-seconds, or longer ones are rejected")]
    private partial void LogUtterancesTooLong(ulong seconds);

    [LoggerMessage(206, LogLevel.Debug, "Ignored a message of the kind {Kind}")]
    private partial void LogIgnored(CloudMessage.KindOneofCase kind);

    [LoggerMessage(207, LogLevel.Debug, "The session was not closed in good order: {Reason}")]
    private partial void LogNotClosed(string reason);

    [LoggerMessage(208, LogLevel.Error, "The session ends by an unexpected error; the device connects again")]
    private partial void LogUnexpected(Exception exception);

    [LoggerMessage(209, LogLevel.Warning, "The server's time cannot be kept on disk ({Reason}); it is known again after the next connection. Free some space or mend the disk")]
    private partial void LogServerTimeNotKept(string reason);

    [LoggerMessage(
        210, LogLevel.Information,
        "The cloud has not said within {Seconds} s where utterances of earlier sessions stand; they are sent from their start")]
    private partial void LogNoResumePoints(double seconds);

    [LoggerMessage(211, LogLevel.Warning, "The cluster has lost utterance {UtteranceId}, which was stored and kept here; it is sent again")]
    private partial void LogRestored(string utteranceId);

    [LoggerMessage(
        212, LogLevel.Error,
        "The cloud does not take the report that utterance {UtteranceId} is lost ({Code}: {Reason}); it is not reported again")]
    private partial void LogLossRefused(string utteranceId, UtteranceRejected.Types.Code code, string reason);

    [LoggerMessage(213, LogLevel.Warning, "The generation of the cluster's storage cannot be kept on disk ({Reason}). Free some space or mend the disk")]
    private partial void LogGenerationNotKept(string reason);
}
