using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Storage;

/// <summary>Brings the schema to this program's version: numbered SQL files, each applied once, in order, in its own transaction.</summary>
public sealed partial class Migrator
{
    private readonly FleetDatabase _database;
    private readonly ILogger<Migrator> _logger;
    private readonly IReadOnlyList<Migration> _migrations;

    public Migrator(FleetDatabase database, ILogger<Migrator> logger)
        : this(database, logger, Migration.All)
    {
    }

    internal Migrator(FleetDatabase database, ILogger<Migrator> logger, IReadOnlyList<Migration> migrations)
    {
        _database = database;
        _logger = logger;
        _migrations = migrations;
    }

    /// <summary>Applies what is missing, makes the partitions of the next months and grants fleet_reader, if that role exists.</summary>
    /// <remarks>Any number of processes may call it at the same time: one works, the others wait for it.</remarks>
    /// <exception cref="SchemaException">The schema is newer than this program, was changed, or the server is not fit for it.</exception>
    /// <exception cref="StorageUnavailableException">To be tried again.</exception>
    public Task MigrateAsync(CancellationToken cancellationToken = default) =>
        _database.RunAsync(
            async (connection, token) =>
            {
                await CheckServerAsync(connection, token);
                await ExecuteAsync(connection, $"SELECT pg_advisory_lock({AdvisoryLocks.Migration})", token);
                try
                {
                    await MigrateLockedAsync(connection, token);
                }
                finally
                {
                    // A pooled connection would take the lock along into the pool.
                    await UnlockAsync(connection);
                }

                return true;
            },
            cancellationToken);

    private static async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < 15)
        {
            throw new SchemaException($"PostgreSQL {connection.PostgreSqlVersion} is too old: 15 or later is needed.");
        }

        await using NpgsqlCommand command = new("SELECT current_setting('server_encoding')", connection);
        object? encoding = await command.ExecuteScalarAsync(cancellationToken);
        if (encoding is not "UTF8")
        {
            throw new SchemaException($"The database's encoding is {encoding}: make it with ENCODING 'UTF8'.");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        if (connection.FullState.HasFlag(System.Data.ConnectionState.Open))
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({AdvisoryLocks.Migration})", CancellationToken.None);
        }
    }

    private async Task MigrateLockedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection,
            """
            CREATE TABLE IF NOT EXISTS fleet_schema_migrations (
                number     integer PRIMARY KEY,
                name       text NOT NULL,
                checksum   text NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
            )
            """,
            cancellationToken);
        IReadOnlyList<AppliedMigration> applied = await AppliedMigration.ListAsync(connection, cancellationToken);
        foreach (Migration migration in MigrationPlan.Pending(_migrations, applied))
        {
            await ApplyAsync(connection, migration, cancellationToken);
        }

        await ExecuteAsync(connection, Partitions.EnsureSql, cancellationToken);
        await ExecuteAsync(connection, "SELECT fleet_grant_reader()", cancellationToken);
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, migration.Sql, cancellationToken);
        await using NpgsqlCommand record = new(
            "INSERT INTO fleet_schema_migrations (number, name, checksum) VALUES ($1, $2, $3)", connection, transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<int> { TypedValue = migration.Number },
                new NpgsqlParameter<string> { TypedValue = migration.Name },
                new NpgsqlParameter<string> { TypedValue = migration.Checksum },
            },
        };
        await record.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogApplied(migration.Name, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }
}
