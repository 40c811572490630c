namespace Fleet.Dashboard.Live;

internal sealed partial class LiveFeed
{
    [LoggerMessage(4301, LogLevel.Warning, "The change feed cannot be read, trying again: {Reason}")]
    private partial void LogWatchFailed(string reason);

    [LoggerMessage(4304, LogLevel.Information, "The change feed is read again after {AwayFor}.")]
    private partial void LogWatchResumed(TimeSpan awayFor);

    [LoggerMessage(4302, LogLevel.Error, "Utterance {UtteranceId} of {DeviceId} could not be drawn.")]
    private partial void LogRenderFailed(Exception exception, string deviceId, Guid utteranceId);

    [LoggerMessage(4303, LogLevel.Information, "{Count} viewers did not keep up and were ended; their pages come back where they were.")]
    private partial void LogSlowViewers(int count);
}
