using Microsoft.Extensions.Logging;

namespace Fleet.Storage;

public sealed partial class Migrator
{
    [LoggerMessage(3001, LogLevel.Information, "Migration {Migration} applied in {ElapsedMilliseconds:0} ms.")]
    private partial void LogApplied(string migration, double elapsedMilliseconds);
}
