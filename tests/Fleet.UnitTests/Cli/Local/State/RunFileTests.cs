using System.Text.Json;
using Fleet.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Local.State;

public sealed class RunFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-run-").FullName;

    [Fact]
    public void ToJson_ARun_HasTheNamesThatScriptsRead()
    {
        using var json = JsonDocument.Parse(RunFile.ToJson(SomeRun()));

        var root = json.RootElement;
        root.GetProperty("state").GetString().ShouldBe("running");
        root.GetProperty("flavour").GetString().ShouldBe("portable");
        root.GetProperty("addresses").GetProperty("dashboard").GetString().ShouldBe("http://127.0.0.1:5080");
        root.GetProperty("addresses").GetProperty("grpc").GetString().ShouldBe("http://127.0.0.1:5100");
        root.GetProperty("addresses").GetProperty("scoring").GetString().ShouldBe("http://127.0.0.1:5001/score");
        root.GetProperty("addresses").GetProperty("postgres").GetString().ShouldBe("127.0.0.1:55432");
        root.GetProperty("signIn").GetProperty("user").GetString().ShouldBe("admin");
        root.GetProperty("signIn").GetProperty("password").GetString().ShouldBe("secret");
        root.GetProperty("credentialFiles").GetProperty("apiKey").GetString().ShouldBe("/s/api.key");
        root.GetProperty("postgres").GetProperty("uri").GetString().ShouldBe("postgresql://fleet:pw@127.0.0.1:55432/fleet");
        var silo = root.GetProperty("processes")[0];
        silo.GetProperty("name").GetString().ShouldBe("silo");
        silo.GetProperty("processId").GetInt32().ShouldBe(42);
        silo.GetProperty("processGroupId").GetInt32().ShouldBe(42);
    }

    [Fact]
    public void Write_ThenRead_IsTheSameAndPrivate()
    {
        var file = Path.Combine(_folder, "run.json");
        var run = SomeRun();

        RunFile.Write(file, run);

        RunFile.ToJson(RunFile.Read(file).ShouldNotBeNull()).ShouldBe(RunFile.ToJson(run));
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.GetFiles(_folder).Length.ShouldBe(1, "the temporary file is gone");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":")]
    [InlineData("no json")]
    public void Read_BrokenFile_IsNoRun(string text)
    {
        var file = Path.Combine(_folder, "run.json");
        File.WriteAllText(file, text);

        RunFile.Read(file).ShouldBeNull();
    }

    [Fact]
    public void Read_NoFile_IsNoRun() => RunFile.Read(Path.Combine(_folder, "none.json")).ShouldBeNull();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static RunState SomeRun() => new()
    {
        State = RunPhase.Running,
        Flavour = "portable",
        StartedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Devices = 8,
        Addresses = new RunAddresses(
            "http://127.0.0.1:5080", "http://127.0.0.1:5100", "http://127.0.0.1:5101", "http://127.0.0.1:5001/score", "127.0.0.1:55432"),
        SignIn = new RunSignIn("admin", "secret", "/s/dashboard.password"),
        Postgres = new RunPostgres(
            "127.0.0.1", 55432, "fleet", "fleet", "/s/p", "Host=127.0.0.1", "postgresql://fleet:pw@127.0.0.1:55432/fleet", "fleet_dashboard", "/s/r", "/s/su", "/d"),
        CredentialFiles = new RunCredentialFiles("/s/join.key", "/s/api.key", "/s/scoring.key", "/s/dashboard.password", "/s/p"),
        Launcher = new RunProcess("launcher", 41, 40, 1000, LogFile: null),
        Processes = [new RunProcess("silo", 42, 42, 1001, "/l/silo.log")],
        LogFolder = "/l",
    };
}
