using Fleet.Storage;
using Npgsql;

namespace Fleet.Silo.Membership;

/// <summary>
/// The promise that an embedded silo runs alone on its database: an advisory lock, which it takes for itself and which the silos of a cluster share, held
/// by a connection that is kept open. The connection must be a direct one (no pooler in transaction mode in between), since the lock lives and dies with
/// the server's session.
/// </summary>
internal sealed class EmbeddedLock(FleetDatabase database, IActorHost actors) : IAsyncDisposable
{
    private const int StatementTimeoutSeconds = 5;

    // By which our own older connection is told from another silo's.
    private readonly string _ownerName = $"fleet-silo-lock {Guid.NewGuid():N}";
    private NpgsqlConnection? _connection;

    /// <summary>Who has the lock, when it is not this silo; for people.</summary>
    public string Holder { get; private set; } = "";

    /// <summary>Takes the lock, or finds out whether it is still there.</summary>
    public async Task<EmbeddedLockState> HoldAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_connection is not null)
            {
                await using var ping = new NpgsqlCommand("SELECT 1", _connection) { CommandTimeout = StatementTimeoutSeconds };
                await ping.ExecuteScalarAsync(cancellationToken);
                return EmbeddedLockState.Held;
            }

            return await AcquireAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            await DisposeAsync();
            throw new StorageUnavailableException($"The database is not available: {exception.Message}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            // Not back into the pool: the lock must end with it.
            NpgsqlConnection.ClearPool(connection);
            await connection.DisposeAsync();
        }
    }

    private async Task<EmbeddedLockState> AcquireAsync(CancellationToken cancellationToken)
    {
        var connection = await database.DataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var take = new NpgsqlCommand(
                actors.IsAlone
                    ? "SELECT pg_try_advisory_lock($1) AND set_config('application_name', $2, false) IS NOT NULL"
                    : "SELECT pg_try_advisory_lock_shared($1) AND set_config('application_name', $2, false) IS NOT NULL", connection)
            {
                CommandTimeout = StatementTimeoutSeconds,
                Parameters =
                {
                    new NpgsqlParameter<long> { TypedValue = AdvisoryLocks.EmbeddedSilo },
                    new NpgsqlParameter<string> { TypedValue = _ownerName },
                },
            };
            if (await take.ExecuteScalarAsync(cancellationToken) is true)
            {
                _connection = connection;
                connection = null;
                return EmbeddedLockState.Held;
            }

            return await FindHolderAsync(connection, cancellationToken);
        }
        finally
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private async Task<EmbeddedLockState> FindHolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // After a cut connection the server may still believe in our older session: that one may go.
        await using var find = new NpgsqlCommand(
            """
            SELECT activity.application_name = $2,
                   concat('connection ', activity.pid, ' from ', coalesce(host(activity.client_addr), 'elsewhere'), ', since ' || activity.backend_start),
                   CASE WHEN activity.application_name = $2 THEN pg_terminate_backend(activity.pid) ELSE false END
            FROM pg_locks AS locks JOIN pg_stat_activity AS activity ON activity.pid = locks.pid
            WHERE locks.locktype = 'advisory' AND locks.granted AND locks.objsubid = 1
              AND locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND (locks.classid::bigint << 32) + locks.objid::bigint = $1
            """,
            connection)
        {
            CommandTimeout = StatementTimeoutSeconds,
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = AdvisoryLocks.EmbeddedSilo },
                new NpgsqlParameter<string> { TypedValue = _ownerName },
            },
        };
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return EmbeddedLockState.InTransition;
        }

        // Of another role's connection one may see no more than that it is there.
        if (!await reader.IsDBNullAsync(0, cancellationToken) && reader.GetBoolean(0))
        {
            return EmbeddedLockState.InTransition;
        }

        Holder = reader.GetString(1);
        return EmbeddedLockState.HeldByOther;
    }
}
