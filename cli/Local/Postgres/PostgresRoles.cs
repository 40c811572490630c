using Npgsql;

namespace Fleet.Cli.Local.Postgres;

/// <summary>
/// The logins of a Fleet database: `fleet` owns it, `fleet_dashboard` may read what migrations grant to the group `fleet_reader`.
/// </summary>
public static class PostgresRoles
{
    public const string Superuser = "postgres";
    public const string Owner = "fleet";
    public const string Reader = "fleet_reader";
    public const string Dashboard = "fleet_dashboard";
    public const string Database = "fleet";

    /// <summary>Makes what is missing and sets the passwords: the files that hold them are the truth.</summary>
    internal static async Task EnsureAsync(NpgsqlConnection superuser, PostgresPasswords passwords, CancellationToken cancellationToken)
    {
        await EnsureRoleAsync(superuser, Reader, "NOLOGIN", cancellationToken);
        await EnsureLoginAsync(superuser, Owner, passwords.Owner, cancellationToken);
        await EnsureLoginAsync(superuser, Dashboard, passwords.Dashboard, cancellationToken);
        await ExecuteAsync(superuser, $"GRANT {Reader} TO {Dashboard}", cancellationToken);
        // A second lock on the door: even a grant that a migration gives by mistake does not let the dashboard write.
        await ExecuteAsync(superuser, $"ALTER ROLE {Dashboard} SET default_transaction_read_only = on", cancellationToken);
        await EnsureDatabaseAsync(superuser, Database, template: null, cancellationToken);
    }

    internal static async Task EnsureDatabaseAsync(
        NpgsqlConnection superuser, string name, string? template, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", superuser)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is not null)
        {
            return;
        }

        // CREATE DATABASE takes no parameters: the server quotes the names for us.
        var statement = await FormatAsync(
            superuser, $"CREATE DATABASE %I OWNER {Owner} TEMPLATE %I", [name, template ?? "template1"], cancellationToken);
        await ExecuteAsync(superuser, statement, cancellationToken);
    }

    private static async Task EnsureLoginAsync(NpgsqlConnection superuser, string name, string password, CancellationToken cancellationToken)
    {
        await EnsureRoleAsync(superuser, name, "LOGIN", cancellationToken);
        await ExecuteAsync(superuser, await FormatAsync(superuser, "ALTER ROLE %I PASSWORD %L", [name, password], cancellationToken), cancellationToken);
    }

    private static async Task EnsureRoleAsync(NpgsqlConnection superuser, string name, string kind, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_roles WHERE rolname = $1", superuser)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            await ExecuteAsync(superuser, $"CREATE ROLE {name} {kind}", cancellationToken);
        }
    }

    private static async Task<string> FormatAsync(
        NpgsqlConnection connection, string format, string[] values, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT format($1, VARIADIC $2)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = format }, new NpgsqlParameter<string[]> { TypedValue = values } },
        };
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!; // format() of non-null arguments is never null
    }

#pragma warning disable CA2100 // DDL has no parameters: the texts are constants of this class or were quoted by the server's own format()
    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
#pragma warning restore CA2100
}
