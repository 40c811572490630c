using Fleet.Testing;

namespace Fleet.IntegrationTests.Silo;

/// <summary>What jobs and health checks of containers run.</summary>
public sealed class MigrateCommandTests : SiloTestBase
{
    [PostgresFact]
    public async Task Migrate_TwoAtATime_BothEndWellAndTheSchemaIsThere()
    {
        await using var first = Start();
        await using var second = Start();

        (await first.WaitForExitAsync()).ShouldBe(0, string.Join('\n', first.Lines));
        (await second.WaitForExitAsync()).ShouldBe(0, string.Join('\n', second.Lines));

        (await QueryAsync("SELECT count(*) > 0 FROM fleet_schema_migrations")).ShouldBe(true);
        (await QueryAsync("SELECT count(*) FROM silos")).ShouldBe(0L, "no silo has joined");
    }

    [PostgresFact]
    public async Task Migrate_NoDatabaseSaid_NamesTheKey()
    {
        await using var program = TestProgram.Start("Fleet.Silo", ["--migrate"]);

        (await program.WaitForExitAsync()).ShouldBe(1);
        program.Lines.ShouldContain(line => line.Contains("Fleet:Database:ConnectionString", StringComparison.Ordinal));
    }

    private TestProgram Start() => TestProgram.Start(
        "Fleet.Silo", ["--migrate"], new Dictionary<string, string?> { ["Fleet__Database__ConnectionString"] = Database.OwnerConnectionString });
}
