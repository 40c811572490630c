using Fleet.Silo.Telemetry;

namespace Fleet.Silo.Ingest;

internal sealed partial class UtteranceWriter
{
    [LoggerMessage(EventIds.WritesHeld, LogLevel.Warning, "{Count} utterances are held and not acked until the database takes them: {Reason}")]
    private partial void LogWritesHeld(Exception? exception, int count, string reason);

    [LoggerMessage(EventIds.WritesResumed, LogLevel.Information, "The database takes utterances again after {HeldFor}; {Count} wait.")]
    private partial void LogWritesResumed(TimeSpan heldFor, int count);

    [LoggerMessage(EventIds.UtteranceNotStorable, LogLevel.Error, "Device {DeviceId}: utterance {UtteranceId} cannot be stored: {Reason}")]
    private partial void LogNotStorable(string deviceId, Guid utteranceId, string reason);
}
