using Npgsql;

namespace Fleet.Storage;

/// <summary>
/// The process's one data source, and the one place that turns failures of the moment into <see cref="StorageUnavailableException"/>.
/// </summary>
public sealed class FleetDatabase(NpgsqlDataSource dataSource, TimeProvider time)
{
    // A failover breaks the connections, which is noticed; this is for what notices none (a proxy that kept them).
    private static readonly TimeSpan _generationAge = TimeSpan.FromSeconds(30);

    private Generation? _generation;

    /// <summary>For those who have SQL of their own.</summary>
    public NpgsqlDataSource DataSource => dataSource;

    /// <summary>
    /// Changes when the database may have lost committed rows: another server, or the same one after a failover. Asked for once in a while only.
    /// </summary>
    /// <exception cref="StorageUnavailableException">To be tried again.</exception>
    public async Task<string> GetGenerationAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _generation) is { } known && time.GetElapsedTime(known.ReadTimestamp) < _generationAge)
        {
            return known.Name;
        }

        long started = time.GetTimestamp();
        string name = await RunAsync(GenerationReader.ReadAsync, cancellationToken);
        Volatile.Write(ref _generation, new Generation(name, started));
        return name;
    }

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
            Volatile.Write(ref _generation, null);
            if (exception is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction })
            {
                // A session keeps the read-only default with which it began, also when the database is writable again: the next try needs a new one.
                dataSource.Clear();
            }

            throw DatabaseErrors.Unavailable(exception);
        }
    }

    private sealed record Generation(string Name, long ReadTimestamp);
}
