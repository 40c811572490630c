using Npgsql;

namespace Fleet.Storage;

/// <summary>
/// The process's one data source, and the one place that turns failures of the moment into <see cref="StorageUnavailableException"/>.
/// </summary>
public sealed class FleetDatabase(NpgsqlDataSource dataSource)
{
    /// <summary>For those who have SQL of their own.</summary>
    public NpgsqlDataSource DataSource => dataSource;

    internal async Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await dataSource.OpenConnectionAsync(cancellationToken);
            return await action(connection, cancellationToken);
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is PostgresException { SqlState: "57014" })
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            if (exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
            {
                // A session keeps the read-only default with which it began, also when the database is writable again: the next try needs a new one.
                dataSource.Clear();
            }

            throw DatabaseErrors.Unavailable(exception);
        }
    }
}
