using Npgsql;

namespace Fleet.Storage;

/// <summary>A row of fleet_schema_migrations.</summary>
internal sealed record AppliedMigration(int Number, string Name, string Checksum)
{
    /// <summary>What the database has, in order; empty when there is no schema.</summary>
    public static async Task<IReadOnlyList<AppliedMigration>> ListAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand exists = new("SELECT to_regclass('fleet_schema_migrations') IS NOT NULL", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!) // IS NOT NULL is never null
        {
            return [];
        }

        await using NpgsqlCommand command = new("SELECT number, name, checksum FROM fleet_schema_migrations ORDER BY number", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<AppliedMigration> applied = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new AppliedMigration(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }

        return applied;
    }
}
