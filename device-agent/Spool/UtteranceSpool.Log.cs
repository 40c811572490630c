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
}
