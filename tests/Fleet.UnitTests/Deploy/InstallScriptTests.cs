using System.Diagnostics;
using System.Security.Cryptography;
using Fleet.Testing;
using Fleet.UnitTests.Agent;

namespace Fleet.UnitTests.Deploy;

/// <summary>deploy/debian/install.sh with another root than /: what it writes there, and what it refuses before it writes anything.</summary>
public sealed class InstallScriptTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [InstallFact]
    public void Install_Twice_IsAsOnce()
    {
        string[] arguments = ["--server", "https://fleet.example.org:5100", "--key-file", Write("join.key", "secret"), "--ca-file", Write("ca.pem", "roots"), "--input", "alsa:plughw:1", "--package", Package()];

        Run(arguments).ShouldBe((0, ""));
        Run(arguments).ShouldBe((0, ""));

        File.ReadAllText(Installed("agent.env")).ShouldBe("FLEET_SERVER=https://fleet.example.org:5100\nFLEET_INPUT=alsa:plughw:1\n");
        File.ReadAllText(Installed("join.key")).ShouldBe("secret");
        File.ReadAllText(Installed("ca.pem")).ShouldBe("roots");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Installed("join.key")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [InstallFact]
    public void Install_PackageThatIsNotWhatItsSumSays_IsRefused()
    {
        var package = Package();
        File.AppendAllText(package, "changed");

        var (code, errors) = Run("--server", "https://fleet.example.org", "--key-file", Write("join.key", "secret"), "--package", package);

        (code, Directory.Exists(Path.Combine(_folder.Path, "root", "etc"))).ShouldBe((1, false));
        errors.ShouldContain("copy both again");
    }

    [InstallFact]
    public void Install_WithoutTls_OrWithoutAKey_SaysWhatToMend()
    {
        Run("--server", "http://fleet.example.org", "--key-file", Write("join.key", "secret")).Errors.ShouldContain("must begin with https://");
        Run("--server", "https://fleet.example.org", "--key-file", "/nowhere/join.key").Errors.ShouldContain("'/nowhere/join.key' cannot be read");
        Run().Errors.ShouldContain("sudo ./install.sh --server");
    }

    private string Installed(string name) => Path.Combine(_folder.Path, "root", "etc", "fleet", name);

    private string Write(string name, string content)
    {
        var path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, content);
        return path;
    }

    private string Package()
    {
        var package = Write("fleet-agent_0.1.0_all.deb", "a package");
        Write("fleet-agent_0.1.0_all.deb.sha256", $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(package)))}  fleet-agent_0.1.0_all.deb\n");
        return package;
    }

    private (int Code, string Errors) Run(params string[] arguments)
    {
        ProcessStartInfo start = new(Path.Combine(RepositoryPaths.Root, "deploy", "debian", "install.sh"), arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["FLEET_ROOT"] = Path.Combine(_folder.Path, "root");
        using var process = Process.Start(start).ShouldNotBeNull();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit(TimeSpan.FromSeconds(30)).ShouldBeTrue();
        return (process.ExitCode, errors);
    }

    private sealed class InstallFactAttribute : FactAttribute
    {
        public InstallFactAttribute()
        {
            Skip = Requirement.IsOnPath("dpkg") ? null : "dpkg is not installed";
        }
    }
}
