namespace Fleet.Dashboard.SignIn;

internal sealed partial class PasswordStore
{
    [LoggerMessage(4001, LogLevel.Error, "{Path} is not a password file: nobody can sign in. Make one with 'Fleet.Dashboard password --file {Path}'.")]
    private partial void LogUnusable(string path);

    [LoggerMessage(4002, LogLevel.Error, "{Path} cannot be read, nobody can sign in: {Reason}")]
    private partial void LogUnreadable(string path, string reason);
}
