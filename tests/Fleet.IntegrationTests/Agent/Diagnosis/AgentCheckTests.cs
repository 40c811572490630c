using System.Text.Json;
using Fleet.DeviceAgent.Configuration;
using Fleet.DeviceAgent.Diagnosis;
using Fleet.DeviceAgent.Identity;
using Fleet.IntegrationTests.Silo;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Agent.Diagnosis;

/// <summary><c>device-agent --check</c> against a real silo.</summary>
public sealed class AgentCheckTests : SiloTestBase, IDisposable
{
    private readonly AgentFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [PostgresFact]
    public async Task Check_BesideAConnectedAgent_IsFineAndLeavesItsSessionAlone()
    {
        await using var silo = await StartSiloAsync();
        Directory.CreateDirectory(_agent.StateFolder);
        using var held = StateFolder.Hold(_agent.StateFolder);
        var install = Install.Open(_agent.StateFolder, TimeProvider.System);
        await using var device = silo.NewDevice("pi", install.InstallId);
        await device.ConnectAsync();

        var (exitCode, lines) = await CheckAsync(silo, silo.JoinKey);

        exitCode.ShouldBe(0, string.Join('\n', lines));
        lines.ShouldContain(line => line.StartsWith("ok server ", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("ok key ", StringComparison.Ordinal) && line.Contains("takes it", StringComparison.Ordinal));
        lines.ShouldContain("ok identity   device id 'pi' is this install, connected now");
        lines.ShouldContain(line => line.StartsWith("ok clock ", StringComparison.Ordinal) && line.Contains(" ms ", StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("ok agent      runs on", StringComparison.Ordinal));
        lines[^1].ShouldStartWith("All is well");
        await device.StoredAsync(await device.SendUtteranceAsync(TestDevice.Pcm(320)));
    }

    [PostgresFact]
    public async Task Check_WrongKey_SaysSoWithoutShowingIt()
    {
        await using var silo = await StartSiloAsync();

        var (exitCode, lines) = await CheckAsync(silo, silo.ApiKey);

        exitCode.ShouldBe(ExitCodes.CheckFailed);
        lines.ShouldContain(line => line.StartsWith("no key ", StringComparison.Ordinal) && line.Contains("JoinKeyFile", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.Contains(silo.ApiKey, StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task Check_IdOfAnotherInstall_SaysSo()
    {
        await using var silo = await StartSiloAsync();
        await using var device = silo.NewDevice("pi");
        await device.ConnectAsync();

        var (exitCode, lines) = await CheckAsync(silo, silo.JoinKey);

        exitCode.ShouldBe(ExitCodes.CheckFailed);
        lines.ShouldContain(line => line.StartsWith("no identity   device id 'pi' belongs to another install, which is connected", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task Check_ClockWrong_SaysByHowMuch()
    {
        await using var silo = await StartSiloAsync();
        var late = new ShiftedTime(TimeSpan.FromMinutes(-5));

        var (exitCode, lines) = await CheckAsync(silo, silo.JoinKey, late);

        exitCode.ShouldBe(0);
        lines.ShouldContain(line => line.StartsWith("!! clock      ", StringComparison.Ordinal) && line.Contains("ms behind", StringComparison.Ordinal));
        (exitCode, lines) = await CheckAsync(silo, silo.JoinKey, new ShiftedTime(TimeSpan.FromDays(2)));
        exitCode.ShouldBe(ExitCodes.CheckFailed);
        lines.ShouldContain(line => line.StartsWith("no clock ", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task Check_Json_OneObjectALine()
    {
        await using var silo = await StartSiloAsync();

        var (exitCode, lines) = await CheckAsync(silo, silo.JoinKey, json: true);

        exitCode.ShouldBe(0, string.Join('\n', lines));
        var checks = lines.Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(
            line => line.GetProperty("check").GetString()!, line => line.GetProperty("verdict").GetString()); // a check has a name
        checks["server"].ShouldBe("ok");
        checks.Keys.ShouldBe(["server", "key file", "key", "identity", "clock", "disk", "agent", "recordings"]);
        Directory.Exists(_agent.StateFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task Check_SiloOlderThanTheCall_SaysWhatWasNotAsked()
    {
        await using var server = await IngestServer.StartAsync();
        using var output = new StringWriter();

        var exitCode = await new AgentCheck(_agent.Arguments(server.Address, RepositoryPaths.Samples), output, TimeProvider.System)
            .RunAsync(CancellationToken.None);

        exitCode.ShouldBe(0, output.ToString());
        output.ToString().ShouldContain("!! key        this silo is older than the check");
    }

    private async Task<(int ExitCode, string[] Lines)> CheckAsync(SiloUnderTest silo, string key, TimeProvider? time = null, bool json = false)
    {
        using var output = new StringWriter();
        var arguments = _agent.Arguments(silo.GrpcAddress, RepositoryPaths.Samples) with { Key = key, Json = json };
        var exitCode = await new AgentCheck(arguments, output, time ?? TimeProvider.System).RunAsync(CancellationToken.None);
        return (exitCode, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A wall clock that is wrong, with timers that are right.</summary>
    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
