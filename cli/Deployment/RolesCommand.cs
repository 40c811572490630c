using System.CommandLine;
using Fleet.Cli.Local.Postgres;
using Fleet.Cli.Local.State;
using Npgsql;

namespace Fleet.Cli.Deployment;

/// <summary>`fleet-cli roles`: the logins and the database of a fleet, on a PostgreSQL server that has only a superuser yet.</summary>
internal static class RolesCommand
{
    // A server that is being started, its recovery included.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    public static Command Create(TimeProvider time)
    {
        var host = new Option<string>("--host") { Description = "Name or address of the PostgreSQL server", HelpName = "NAME", Required = true };
        var port = new Option<int>("--port") { Description = "Its port", HelpName = "PORT", DefaultValueFactory = _ => 5432 };
        var secrets = new Option<string>("--secrets") { Description = "Folder 'roles' of what init made", HelpName = "FOLDER", Required = true };
        var command = new Command("roles", "Makes the database and the logins of a fleet on a PostgreSQL server, and gives them the passwords that init made.")
        {
            host, port, secrets,
        };
        command.SetAction(async (result, cancellationToken) =>
        {
            try
            {
                var passwords = await new LocalSecrets(result.GetRequiredValue(secrets)).PostgresAsync(cancellationToken);
                await using var connection = await ConnectAsync(result.GetRequiredValue(host), result.GetValue(port), passwords.Superuser, time, cancellationToken);
                await PostgresRoles.EnsureAsync(connection, passwords, cancellationToken);
                await result.InvocationConfiguration.Output.WriteLineAsync(
                    $"Database {PostgresRoles.Database} with the logins {PostgresRoles.Owner} and {PostgresRoles.Dashboard} is there.");
                return 0;
            }
            catch (Exception ex) when (ex is NpgsqlException or IOException or UnauthorizedAccessException)
            {
                await result.InvocationConfiguration.Error.WriteLineAsync($"The logins could not be made: {ex.Message}");
                return 1;
            }
        });
        return command;
    }

    private static async Task<NpgsqlConnection> ConnectAsync(
        string host, int port, string password, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
            {
                Host = host, Port = port, Database = "postgres", Username = PostgresRoles.Superuser, Password = password, Pooling = false,
                GssEncryptionMode = GssEncryptionMode.Disable,
            }.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellationToken);
                return connection;
            }
            // 28P01, a wrong password, does not become right by waiting.
            catch (NpgsqlException ex) when (ex is not PostgresException { SqlState: "28P01" } && time.GetElapsedTime(started) < _patience)
            {
                await connection.DisposeAsync();
                await Task.Delay(_pause, time, cancellationToken);
            }
        }
    }
}
