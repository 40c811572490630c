using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Storage;

/// <summary>For programs that only read: whether the schema is there and fits this program.</summary>
public sealed partial class DatabaseVersion(FleetDatabase database, TimeProvider time, ILogger<DatabaseVersion> logger)
{
    private static readonly TimeSpan _pollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>What the state is now.</summary>
    /// <exception cref="StorageUnavailableException">To be tried again.</exception>
    public Task<SchemaState> CheckAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync(
            async (connection, token) =>
            {
                IReadOnlyList<AppliedMigration> applied = await AppliedMigration.ListAsync(connection, token);
                return applied.Count.CompareTo(Migration.All.Count) switch
                {
                    < 0 => SchemaState.Outdated,
                    0 => SchemaState.Ready,
                    > 0 => SchemaState.TooNew,
                };
            },
            cancellationToken);

    /// <summary>Waits, for as long as it takes, until the database is there and migrated.</summary>
    /// <exception cref="SchemaException">The schema is newer than this program.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken = default)
    {
        FailureSpell failures = new(time);
        while (true)
        {
            string obstacle;
            try
            {
                switch (await CheckAsync(cancellationToken))
                {
                    case SchemaState.Ready:
                        return;
                    case SchemaState.TooNew:
                        throw new SchemaException(
                            $"The database's schema is newer than this program, made for {Migration.All[^1].Name}: bring it up to date.");
                    default:
                        obstacle = "its schema is not there yet or older than this program: start a silo, which migrates it";
                        break;
                }
            }
            catch (StorageUnavailableException exception)
            {
                obstacle = exception.Message;
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                obstacle = "this login may not read it: it must be a member of the role fleet_reader, which a silo grants when it starts";
            }

            if (failures.Fail())
            {
                LogWaiting(obstacle);
            }

            await Task.Delay(_pollInterval, time, cancellationToken);
        }
    }

    [LoggerMessage(3020, LogLevel.Warning, "Waiting for the database: {Obstacle}.")]
    private partial void LogWaiting(string obstacle);
}
