using Fleet.Testing;
using Fleet.Testing.FakeScorer;

namespace Fleet.IntegrationTests.Silo;

/// <summary>A database and an endpoint for each test.</summary>
public abstract class SiloTestBase : IAsyncLifetime
{
    private TestDatabase? _database;
    private FakeScorer? _scorer;

    internal TestDatabase Database => _database ?? throw new InvalidOperationException("Not initialized.");

    internal FakeScorer Scorer => _scorer ?? throw new InvalidOperationException("Not initialized.");

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _scorer = await FakeScorer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_scorer is not null)
        {
            await _scorer.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    internal Task<SiloUnderTest> StartSiloAsync(IReadOnlyDictionary<string, string?>? settings = null, string? keyFolder = null) =>
        SiloUnderTest.StartAsync(Database.OwnerConnectionString, Scorer.Endpoint, settings, keyFolder);

    internal async Task<object?> QueryAsync(string sql)
    {
        await using var connection = new Npgsql.NpgsqlConnection(Database.SuperuserConnectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // the tests' own texts
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Looks until it is so; the sentence is for the one who reads that it never was.</summary>
    internal static async Task EventuallyAsync(Func<Task<bool>> isSo, string what, TimeSpan? deadline = null)
    {
        using var late = new CancellationTokenSource(deadline ?? TimeSpan.FromSeconds(15));
        while (!await isSo())
        {
            if (late.IsCancellationRequested)
            {
                throw new TimeoutException($"Never came to be: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }
}
