namespace Fleet.Dashboard.Database;

internal sealed partial class DatabaseProbe
{
    [LoggerMessage(4101, LogLevel.Information, "The database is ready, after {Waited}.")]
    private partial void LogReady(TimeSpan waited);

    [LoggerMessage(4102, LogLevel.Warning, "The database is not ready ({State}); pages say so until it is.")]
    private partial void LogNotReady(DatabaseState state);

    [LoggerMessage(4103, LogLevel.Debug, "The check of the database failed: {Reason}")]
    private partial void LogCheckFailed(string reason);
}
