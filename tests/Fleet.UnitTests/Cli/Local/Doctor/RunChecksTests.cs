using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fleet.Cli.Local.Doctor;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Local.Doctor;

public sealed class RunChecksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-doctor-test-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(4) };

    private LocalPaths Paths => new(_folder, ".fleet");

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Launcher_NoneUnreadableOrStarting_SaysSo()
    {
        new RunChecks(Paths, _http).Launcher().Detail.ShouldBe("no fleet runs");
        Paths.Create();
        using (LauncherLock.TryTake(Paths.LockFile))
        {
            new RunChecks(Paths, _http).Launcher().Detail.ShouldContain("just starting or stopping");
        }

        File.WriteAllText(Paths.RunFile, "{ half of it");
        new RunChecks(Paths, _http).Launcher().ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Warning), finding => finding.Detail.ShouldContain("cannot be read"), finding => finding.Mend.ShouldContain("rm "));
    }

    [Fact]
    public void Launcher_Killed_NamesWhatItLeft()
    {
        Paths.Create();
        using var left = Process.Start(new ProcessStartInfo("sleep", "60")).ShouldNotBeNull();
        var identity = ProcessIdentity.Of(left.Id).ShouldNotBeNull();
        Write(new RunProcess("launcher", Environment.ProcessId, Environment.ProcessId, StartTicks: 1, null), new RunProcess("silo", left.Id, left.Id, identity.StartTicks, null));

        var finding = new RunChecks(Paths, _http).Launcher();

        finding.Detail.ShouldBe($"the last launcher was killed and left silo (process {left.Id})");
        finding.Mend.ShouldBe("./fleet down");
        left.Kill();
        left.WaitForExit();
        new RunChecks(Paths, _http).Launcher().Detail.ShouldBe("the last launcher was killed");
    }

    [Fact]
    public async Task Health_PartsThatDoNotAnswer_AreNamedWithTheirLogs()
    {
        Paths.Create();
        var self = ProcessIdentity.Of(Environment.ProcessId).ShouldNotBeNull();
        Write(new RunProcess("launcher", self.ProcessId, self.ProcessId, self.StartTicks, null), new RunProcess("agents", self.ProcessId, self.ProcessId, 1, null));

        var findings = await new RunChecks(Paths, _http).HealthAsync(CancellationToken.None);

        findings.Select(finding => finding.What.Trim()).ShouldBe(["postgres", "scoring", "silo", "dashboard", "agents"]);
        findings.ShouldAllBe(finding => finding.Severity == FindingSeverity.Warning);
        findings[2].Detail.ShouldContain("does not answer");
        findings[2].Mend.ShouldContain("silo.log");
    }

    private void Write(RunProcess launcher, RunProcess part)
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var address = $"http://127.0.0.1:{port}";
        RunFile.Write(Paths.RunFile, new RunState
        {
            State = RunPhase.Running,
            Flavour = "portable",
            StartedAt = DateTimeOffset.UnixEpoch,
            Devices = 8,
            Addresses = new RunAddresses(address, address, address, address + "/score", $"127.0.0.1:{port}"),
            SignIn = new RunSignIn("admin", "p", "f"),
            Postgres = new RunPostgres("127.0.0.1", port, "fleet", "fleet", "f", "c", "u", "r", "rf", "sf", "folder"),
            CredentialFiles = new RunCredentialFiles("a", "b", "c", "d", "e"),
            Launcher = launcher,
            Processes = [part],
            LogFolder = Paths.Logs,
        });
    }
}
