using Fleet.Cli.Local.Postgres;
using Fleet.Storage;
using Fleet.Testing;
using Npgsql;

namespace Fleet.IntegrationTests.Storage;

/// <summary>The storage generation changes when committed rows may be gone, and not before.</summary>
public sealed class GenerationTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [PostgresFact]
    public async Task GetGenerationAsync_OrdinaryRole_IsSystemAndTimeline()
    {
        await using StorageHost host = await StorageHost.MigratedAsync(postgres);

        string generation = await host.Get<FleetDatabase>().GetGenerationAsync();

        generation.ShouldMatch(@"^[0-9a-f]{8}\.\d{15,20}-1$");
    }

    [PostgresFact]
    public async Task GetGenerationAsync_IdentityRenewedByARestore_Changes()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        await using StorageHost before = await StorageHost.MigratedAsync(database.OwnerConnectionString);
        string first = await before.Get<FleetDatabase>().GetGenerationAsync();
        await before.Get<FleetDatabase>().DataSource.CreateCommand("UPDATE storage_identity SET identifier = gen_random_uuid()").ExecuteNonQueryAsync();
        await using StorageHost after = await StorageHost.MigratedAsync(database.OwnerConnectionString);

        string second = await after.Get<FleetDatabase>().GetGenerationAsync();

        (second == first, second[8..] == first[8..]).ShouldBe((false, true));
    }

    [PostgresFact]
    public async Task GetGenerationAsync_RightsWereTakenAway_IsOfTheDatabase()
    {
        TestDatabase database = await postgres.CreateDatabaseAsync();
        await using StorageHost host = await StorageHost.MigratedAsync(database.OwnerConnectionString);
        await using (NpgsqlConnection superuser = new(new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString) { Database = database.Name }.ConnectionString))
        {
            await superuser.OpenAsync();
            await using NpgsqlCommand revoke = new("REVOKE EXECUTE ON FUNCTION pg_control_system(), pg_walfile_name(pg_lsn) FROM PUBLIC", superuser);
            await revoke.ExecuteNonQueryAsync();
        }

        string generation = await host.Get<FleetDatabase>().GetGenerationAsync();

        generation.ShouldBe($"{await host.ScalarAsync<Guid>("SELECT identifier FROM storage_identity")}-1");
    }

    [PostgresFact]
    public async Task GetGenerationAsync_RestartThenPromotion_ChangesOnlyWithThePromotion()
    {
        // Asked for recovery, the server finds no more WAL than it has, and begins a new timeline: what a promotion does.
        await using TestCluster cluster = await TestCluster.StartAsync(
            new Dictionary<string, string> { ["restore_command"] = "false", ["hot_standby"] = "off" });
        await using StorageHost host = await StorageHost.MigratedAsync(cluster.Server.OwnerConnectionString());
        FleetDatabase database = host.Get<FleetDatabase>();
        string first = await database.GetGenerationAsync();

        await cluster.Server.RestartAsync(PostgresStopMode.Fast, CancellationToken.None);
        string restarted = await AfterBreakAsync(database);
        await cluster.Server.StopAsync(PostgresStopMode.Fast, CancellationToken.None);
        string data = Path.GetDirectoryName(Directory.EnumerateFiles(cluster.Folder, "postgresql.conf", SearchOption.AllDirectories).First())!; // a file has one
        await File.WriteAllTextAsync(Path.Combine(data, "recovery.signal"), "");
        await cluster.Server.StartAsync(CancellationToken.None);
        string promoted = await AfterBreakAsync(database);

        (restarted, promoted).ShouldBe((first, first[..^1] + "2"));
    }

    // The connection that broke is noticed by the first call, and forgets what was known.
    private static async Task<string> AfterBreakAsync(FleetDatabase database)
    {
        try
        {
            await database.RunAsync(async (connection, token) => await new NpgsqlCommand("SELECT 1", connection).ExecuteScalarAsync(token), CancellationToken.None);
        }
        catch (StorageUnavailableException)
        {
        }

        return await database.GetGenerationAsync();
    }
}
