namespace Fleet.DeviceAgent.Spool;

internal sealed partial class UtteranceSpool
{
    [LoggerMessage(
        100, LogLevel.Information,
        "{Utterances} utterances ({Bytes} bytes) of an earlier run wait in the spool; they are sent now")]
    private partial void LogRecovered(int utterances, long bytes);

    [LoggerMessage(
        101, LogLevel.Warning,
        "Utterance {UtteranceId} was cut short after {Seconds} s when the agent ended; what there is is sent")]
    private partial void LogTruncated(string utteranceId, long seconds);

    [LoggerMessage(
        102, LogLevel.Error,
        "Utterance {UtteranceId} cannot be written to '{Folder}' ({Reason}) and is lost; the agent goes on listening. " +
        "Free some space or mend the disk ({HeldBack} messages like this held back)")]
    private partial void LogCannotWrite(string utteranceId, string folder, string reason, int heldBack);

    [LoggerMessage(
        103, LogLevel.Error,
        "Utterance {UtteranceId} ends early: the disk of '{Folder}' failed ({Reason}). Free some space or mend the disk " +
        "({HeldBack} messages like this held back)")]
    private partial void LogWriteFailed(string utteranceId, string folder, string reason, int heldBack);

    [LoggerMessage(
        104, LogLevel.Error,
        "The spool is full ({MaxBytes} bytes): utterance {UtteranceId} (number {SequenceNumber}, {Seconds} s), the " +
        "oldest, is lost; {Dropped} lost so since the start. Raise --spool-mib or let the device reach the cloud")]
    private partial void LogDropped(string utteranceId, ulong sequenceNumber, long seconds, long maxBytes, long dropped);

    [LoggerMessage(105, LogLevel.Warning, "'{Path}' is stored in the cloud but cannot be deleted: {Reason}")]
    private partial void LogCannotDelete(string path, string reason);

    [LoggerMessage(106, LogLevel.Error, "'{File}' was moved to '{Folder}' and will not be sent: {Reason}")]
    private partial void LogQuarantined(string file, string folder, string reason);

    [LoggerMessage(107, LogLevel.Error, "'{Path}' will not be sent ({Reason}) and cannot be moved to the quarantine: {Error}")]
    private partial void LogCannotQuarantine(string path, string reason, string error);

    [LoggerMessage(
        108, LogLevel.Error,
        "Utterance {UtteranceId} (number {SequenceNumber}, {Seconds} s) has waited for more than {Days} days and is lost. Let the device reach " +
        "the cloud or raise --spool-days ({HeldBack} messages like this held back)")]
    private partial void LogExpired(string utteranceId, ulong sequenceNumber, long seconds, double days, int heldBack);

    [LoggerMessage(109, LogLevel.Warning, "{Losses} lost utterances are not reported to the cloud yet; they are now")]
    private partial void LogLossesWait(int losses);

    [LoggerMessage(
        110, LogLevel.Error,
        "More than {MaxLosses} losses wait to be reported: the oldest (number {SequenceNumber}) is forgotten, the cloud will count it as missing")]
    private partial void LogTooManyLosses(int maxLosses, ulong sequenceNumber);

    [LoggerMessage(
        111, LogLevel.Error,
        "There is no key for the spool ({Reason}): nothing can be recorded until there is. Free some space or mend the disk, or run with " +
        "--spool-encryption off")]
    private partial void LogNoKey(string reason);

    [LoggerMessage(112, LogLevel.Debug, "The spool could not be tidied: {Reason}")]
    private partial void LogNotMaintained(string reason);

    [LoggerMessage(113, LogLevel.Warning, "Utterance {UtteranceId} was kept and cannot be sent again: {Reason}")]
    private partial void LogCannotRestore(string utteranceId, string reason);

    [LoggerMessage(114, LogLevel.Warning, "Utterance {UtteranceId} keeps the time that it has: the disk does not take another one ({Reason})")]
    private partial void LogNotCorrected(string utteranceId, string reason);

    [LoggerMessage(
        115, LogLevel.Error,
        "The next sequence number cannot be kept in '{Folder}'. Free some space or mend the disk")]
    private partial void LogNumbersNotKept(string folder);
}
