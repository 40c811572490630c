using Fleet.Testing;

namespace Fleet.IntegrationTests.Silo;

/// <summary>The program as people and orchestrators meet it: exit codes, lines, signals.</summary>
public sealed class SiloProgramTests : SiloTestBase, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-silo-program-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresFact]
    public async Task Second_ExitsWithOne_First_StopsOnSigtermWithZero()
    {
        await using var first = TestProgram.Start("Fleet.Silo", environment: Environment());
        await first.WaitForLineAsync("is ready");
        await using var second = TestProgram.Start("Fleet.Silo", environment: Environment());

        (await second.WaitForExitAsync()).ShouldBe(1);
        second.Lines.ShouldContain(line => line.Contains("Another silo runs on this database", StringComparison.Ordinal));
        (await first.StopAsync()).ShouldBe(0);
        first.Lines.ShouldContain(line => line.Contains("Everything is answered and given back", StringComparison.Ordinal));
        foreach (var keyFile in Directory.GetFiles(_folder, "*.key"))
        {
            var key = (await File.ReadAllTextAsync(keyFile)).Trim();
            first.Lines.ShouldNotContain(line => line.Contains(key, StringComparison.Ordinal));
        }
    }

    [PostgresFact]
    public async Task BadSettings_AreNamedAndExitWithOne()
    {
        var environment = Environment();
        environment["Fleet__Grpc__Listen"] = "0.0.0.0:0";
        await using var program = TestProgram.Start("Fleet.Silo", environment: environment);

        (await program.WaitForExitAsync()).ShouldBe(1);

        program.Lines.ShouldHaveSingleItem().ShouldContain("Fleet:Grpc:PrivateNetwork=true");
    }

    private Dictionary<string, string?> Environment() => new()
    {
        ["Fleet__Database__ConnectionString"] = Database.OwnerConnectionString,
        ["Fleet__Grpc__Listen"] = "127.0.0.1:0",
        ["Fleet__Http__Listen"] = "127.0.0.1:0",
        ["Fleet__Credentials__JoinKeyFile"] = Path.Combine(_folder, "join.key"),
        ["Fleet__Credentials__ApiKeyFile"] = Path.Combine(_folder, "api.key"),
        ["Fleet__Scoring__Endpoint"] = Scorer.Endpoint.ToString(),
        ["Fleet__Silo__LockWaitSeconds"] = "0",
    };
}
