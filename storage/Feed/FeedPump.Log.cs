using Microsoft.Extensions.Logging;

namespace Fleet.Storage;

internal sealed partial class FeedPump
{
    [LoggerMessage(3030, LogLevel.Debug, "Listening for changes.")]
    private partial void LogListening();

    [LoggerMessage(3031, LogLevel.Warning, "The connection that listens for changes is gone; connecting again.")]
    private partial void LogListenFailed(Exception exception);

    [LoggerMessage(3032, LogLevel.Warning, "The change feed could not be read; trying again.")]
    private partial void LogReadFailed(Exception exception);
}
