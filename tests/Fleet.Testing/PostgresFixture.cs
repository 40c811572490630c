namespace Fleet.Testing;

/// <summary>
/// Databases for the tests of a class or collection (IClassFixture, ICollectionFixture): dropped when the last of its tests has run.
/// One server serves the whole test process and starts with the first database that is asked for, so that skipped tests start nothing.
/// </summary>
public sealed class PostgresFixture : Xunit.IAsyncLifetime
{
    private readonly List<TestDatabase> _databases = [];
    private readonly Lock _databasesLock = new();

    /// <summary>A fresh database without tables, with connection strings for its owner and for a reader.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(string? template = null, CancellationToken cancellationToken = default)
    {
        var database = await TestDatabase.CreateAsync(template, cancellationToken);
        lock (_databasesLock)
        {
            _databases.Add(database);
        }

        return database;
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        TestDatabase[] databases;
        lock (_databasesLock)
        {
            databases = [.. _databases];
        }

        foreach (var database in databases)
        {
            await database.DisposeAsync();
        }
    }
}
