using System.Diagnostics;
using Fleet.DeviceAgent.CommandLine;
using Fleet.Testing;

namespace Fleet.UnitTests.Deployment;

/// <summary>deploy/systemd: the unit's command line is one that the agent takes.</summary>
public sealed class SystemdTests
{
    private static readonly string[] _lines = File.ReadAllLines(Path.Combine(RepositoryPaths.Root, "deploy", "systemd", "fleet-agent.service"));

    [Fact]
    public void ExecStart_IsACommandLineOfTheAgent()
    {
        var words = Value("ExecStart").Replace("${FLEET_SERVER}", "https://fleet.example.org:5100", StringComparison.Ordinal)
            .Replace("${FLEET_INPUT}", Environment("FLEET_INPUT"), StringComparison.Ordinal).Split(' ');

        words[1].ShouldEndWith("/Fleet.DeviceAgent.dll");
        new AgentCommand().Create((_, _) => Task.FromResult(0)).Parse(words[2..]).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void Unit_IsHardened()
    {
        foreach (var setting in new[]
        {
            "DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "CapabilityBoundingSet=", "DevicePolicy=closed",
            "RestrictNamespaces=yes", "SystemCallFilter=@system-service", "UMask=0077", "StateDirectory=fleet-agent", "Restart=always", "Type=notify", "WatchdogSec=60",
        })
        {
            _lines.ShouldContain(setting);
        }

        // The runtime compiles as it runs.
        _lines.ShouldNotContain("MemoryDenyWriteExecute=yes");
    }

    [SystemdFact]
    public void Unit_IsUnderstoodBySystemd()
    {
        using var verify = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", Path.Combine(RepositoryPaths.Root, "deploy", "systemd", "fleet-agent.service")])
        {
            RedirectStandardError = true,
        });
        var complaints = verify.ShouldNotBeNull().StandardError.ReadToEnd();
        verify.WaitForExit(TimeSpan.FromSeconds(30)).ShouldBeTrue();

        // A machine without /usr/bin/dotnet has another complaint, which is not about the unit.
        complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.Contains("is not executable", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static string Value(string key) => _lines.Single(line => line.StartsWith(key + "=", StringComparison.Ordinal))[(key.Length + 1)..];

    private static string Environment(string name) => _lines.Single(line => line.StartsWith($"Environment={name}=", StringComparison.Ordinal)).Split('=', 3)[2];
}
