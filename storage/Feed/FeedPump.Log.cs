using Microsoft.Extensions.Logging;

namespace Fleet.Storage;

internal sealed partial class FeedPump
{
    [LoggerMessage(3030, LogLevel.Debug, "Listening for changes.")]
    private partial void LogListening();

    [LoggerMessage(3031, LogLevel.Warning, "The connection that listens for changes is gone; connecting until it is back: {Reason}")]
    private partial void LogListenFailed(Exception? exception, string reason);

    [LoggerMessage(3032, LogLevel.Warning, "The change feed could not be read; trying until it can: {Reason}")]
    private partial void LogReadFailed(Exception? exception, string reason);

    [LoggerMessage(3034, LogLevel.Information, "The connection that listens for changes is back after {AwayFor}.")]
    private partial void LogListensAgain(TimeSpan awayFor);

    [LoggerMessage(3035, LogLevel.Information, "The change feed is read again after {AwayFor}.")]
    private partial void LogReadResumed(TimeSpan awayFor);
}
