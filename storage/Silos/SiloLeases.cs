using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.Storage;

/// <summary>The lease by which a silo owns rows; all times are the database's, so that no silo's clock matters.</summary>
public sealed class SiloLeases(FleetDatabase database, IOptions<DatabaseOptions> options)
{
    /// <summary>How long a lease lasts without renewal; renew at a third of it.</summary>
    public TimeSpan Duration => options.Value.SiloLease;

    /// <summary>Registers a silo; its epoch.</summary>
    public Task<long> RegisterAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(
                    "INSERT INTO silos (name, lease_until) VALUES ($1, clock_timestamp() + $2) RETURNING epoch", connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = name },
                        new NpgsqlParameter<TimeSpan> { TypedValue = Duration },
                    },
                };
                return (long)(await command.ExecuteScalarAsync(token))!; // RETURNING of an insert
            },
            cancellationToken);
    }

    /// <summary>
    /// Renews the lease, also one that has run out: rows that others took meanwhile stay theirs, by their attempt. False: it was ended or
    /// is not known; register again.
    /// </summary>
    public Task<bool> RenewAsync(long epoch, CancellationToken cancellationToken = default) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(
                    "UPDATE silos SET lease_until = clock_timestamp() + $2 WHERE epoch = $1 AND ended_at IS NULL", connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<long> { TypedValue = epoch },
                        new NpgsqlParameter<TimeSpan> { TypedValue = Duration },
                    },
                };
                return await command.ExecuteNonQueryAsync(token) == 1;
            },
            cancellationToken);

    /// <summary>The newest start of each silo of which something was heard in the last hour, by name.</summary>
    public Task<IReadOnlyList<RegisteredSilo>> ListAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<RegisteredSilo>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(
                    """
                    SELECT DISTINCT ON (name) epoch, name, started_at, CASE WHEN ended_at IS NULL THEN lease_until END, lease_until > clock_timestamp()
                      FROM silos
                     WHERE greatest(ended_at, CASE WHEN ended_at IS NULL THEN lease_until END) > clock_timestamp() - interval '1 hour'
                     ORDER BY name, epoch DESC
                     LIMIT 1000
                    """,
                    connection);
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<RegisteredSilo> leases = [];
                while (await reader.ReadAsync(token))
                {
                    leases.Add(new RegisteredSilo(
                        reader.GetInt64(0),
                        reader.GetString(1),
                        reader.GetTime(2),
                        await reader.IsDBNullAsync(3, token) ? null : reader.GetTime(3),
                        reader.GetBoolean(4)));
                }

                return leases;
            },
            cancellationToken);

    /// <summary>Ends the lease: its rows are free at once.</summary>
    public Task EndAsync(long epoch, CancellationToken cancellationToken = default) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(
                    "UPDATE silos SET lease_until = '-infinity', ended_at = clock_timestamp() WHERE epoch = $1 AND ended_at IS NULL",
                    connection)
                {
                    Parameters = { new NpgsqlParameter<long> { TypedValue = epoch } },
                };
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken);
}
