using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Cli.Deployment;
using Fleet.Contracts.CommandLine;
using Fleet.Dashboard.Configuration;
using Fleet.Dashboard.Devices;
using Fleet.Scoring.Configuration;
using Fleet.Silo.Hosting;
using Fleet.Silo.Membership;
using Fleet.Storage;
using Fleet.Testing;
using Fleet.Testing.Deployment;

namespace Fleet.UnitTests.Deployment;

/// <summary>The rules of docker-compose.yml that no engine is needed for.</summary>
public sealed partial class ComposeTests
{
    private const string OneShot = "service_completed_successfully";

    private static readonly ComposeFile _file = ComposeFile.Read();

    public static TheoryData<string> Services => [.. _file.Services.Keys];

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_MayDoNoMoreThanItNeeds(string name)
    {
        var service = _file.Services[name];

        int.Parse(service["user"].Text.Split(':')[0], CultureInfo.InvariantCulture).ShouldBeGreaterThan(0, "not root");
        service["read_only"].Text.ShouldBe("true");
        service["cap_drop"].Texts.ShouldBe(["ALL"]);
        service["security_opt"].Texts.ShouldContain("no-new-privileges:true");
        service["privileged"].IsMissing.ShouldBeTrue();
        service["cap_add"].IsMissing.ShouldBeTrue();
        var limits = service["deploy"]["resources"]["limits"];
        limits["cpus"].Text.ShouldMatch(@"^\d+\.\d+$");
        limits["memory"].Text.ShouldMatch(@"^\d+[MG]$");
        limits["pids"].Text.ShouldMatch(@"^\d+$");
        service["logging"]["options"]["max-size"].Text.ShouldNotBeEmpty();
        service["logging"]["options"]["max-file"].Text.ShouldNotBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Service_SaysHowItIs_OrEnds(string name)
    {
        var service = _file.Services[name];
        var isJob = service["restart"].Text == "no";

        if (isJob)
        {
            service["healthcheck"]["disable"].Text.ShouldBe("true");
            if (service["profiles"].IsMissing)
            {
                _file.Services.Values.ShouldContain(other => other["depends_on"][name]["condition"].Text == OneShot , $"nobody waits for {name}");
            }

            return;
        }

        service["restart"].Text.ShouldBe("unless-stopped");
        service["stop_grace_period"].Text.ShouldMatch(@"^\d+s$");
        service["healthcheck"]["test"].Texts.ShouldNotBeEmpty();
        service["healthcheck"]["test"].Texts.ShouldNotContain(word => word.Contains("curl", StringComparison.Ordinal) || word.Contains("wget", StringComparison.Ordinal));
    }

    [Fact]
    public void DependsOn_WaitsForTheEndOfJobsAndTheHealthOfTheRest()
    {
        foreach (var (name, service) in _file.Services)
        {
            foreach (var (other, how) in service["depends_on"].Entries)
            {
                var expected = _file.Services[other]["restart"].Text == "no" ? OneShot : "service_healthy";
                how["condition"].Text.ShouldBe(expected, $"{name} depends on {other}");
            }
        }
    }

    [Fact]
    public void Ports_AreOnLoopback_UnlessAHostIsNamed()
    {
        var published = ComposeFile.Read(new Dictionary<string, string> { ["FLEET_HOST"] = "fleet.example.org" });

        Ports(_file).ShouldNotBeEmpty();
        Ports(_file).ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
        Ports(published).ShouldAllBe(port => port.StartsWith("0.0.0.0:", StringComparison.Ordinal));
    }

    [Fact]
    public void Host_Named_EveryPublishedPortSpeaksTls()
    {
        var published = ComposeFile.Read(new Dictionary<string, string> { ["FLEET_HOST"] = "fleet.example.org" });

        published.Services["init"]["entrypoint"].Texts.ShouldContain("--host=fleet.example.org");
        published.Services["dashboard"]["environment"]["Fleet__Dashboard__CertificateFile"].Text.ShouldEndWith("server.pem");
        published.Services["silo"]["environment"]["Fleet__Grpc__CertificateFile"].Text.ShouldEndWith("server.pem");
        published.Services.Where(service => service.Value["ports"].Items.Count > 0).Select(service => service.Key).ShouldBe(["silo", "dashboard"]);
    }

    [Fact]
    public void Variables_HaveADefaultAndAreInTheDocs()
    {
        var operations = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "operations.md"));

        foreach (var (name, form) in ComposeFile.Variables())
        {
            form.ShouldMatch("^:[-+]", $"{name} has no default");
            operations.ShouldContain($"`{name}`", customMessage: $"docs/operations.md does not name {name}");
        }
    }

    [Fact]
    public void Keys_AreKnownToTheirPrograms()
    {
        CheckKeys("silo", SiloKeys.All);
        CheckKeys("migrate", SiloKeys.All);
        CheckKeys("scoring", [.. OptionKeys.Of(ScoringServerOptions.Section, typeof(ScoringServerOptions))]);
        CheckKeys("dashboard",
        [
            .. OptionKeys.Of(DashboardOptions.Section, typeof(DashboardOptions)), .. OptionKeys.Of(FleetApiOptions.Section, typeof(FleetApiOptions)),
            .. OptionKeys.Of(DatabaseOptions.Section, typeof(DatabaseOptions)),
        ]);

        void CheckKeys(string name, IReadOnlyCollection<string> known) => _file.Services[name]["environment"].Entries.Keys
            .Select(key => key.Replace("__", ":", StringComparison.Ordinal)).Except(known).ShouldBeEmpty(name);
    }

    [Fact]
    public void Silo_IsGivenTheTimeThatItsStopMayTake()
    {
        var silo = new SiloOptions();

        int.Parse(_file.Services["silo"]["stop_grace_period"].Text.TrimEnd('s'), CultureInfo.InvariantCulture)
            .ShouldBeGreaterThanOrEqualTo(silo.DrainSeconds + (2 * silo.FlushSeconds) + 15);
    }

    [Fact]
    public void Silo_Scaled_HasAPortForEach()
    {
        var range = Range().Match(Ports(_file).Single(port => port.EndsWith(":5100", StringComparison.Ordinal)));

        (Number(range.Groups[2]) - Number(range.Groups[1])).ShouldBeGreaterThanOrEqualTo(3);
        _file.Services["agents"]["command"].Texts.ShouldContain("--share-state-dir");
        _file.Services.Values.ShouldAllBe(service => service["container_name"].IsMissing);
    }

    [Fact]
    public void Secrets_EachPartSeesItsOwnOnly()
    {
        var mounts = _file.Services.ToDictionary(
            service => service.Key, service => service.Value["volumes"].Texts.Select(volume => volume.Split(':')[0]).ToHashSet());

        mounts.Where(service => service.Value.Contains("vault")).Select(service => service.Key).ShouldBe(["init", "backup"]);
        foreach (var (service, allowed) in new[]
        {
            ("silo", "keys-silo"), ("migrate", "keys-silo"), ("scoring", "keys-scoring"), ("dashboard", "keys-dashboard"), ("agents", "keys-agent"), ("postgres", "keys-postgres"),
        })
        {
            mounts[service].Where(volume => volume.StartsWith("keys-", StringComparison.Ordinal)).ShouldBe([allowed], service);
        }

        _file.Services.Where(service => service.Key != "init").SelectMany(service => service.Value["volumes"].Texts)
            .Where(volume => volume.StartsWith("keys-", StringComparison.Ordinal)).ShouldAllBe(volume => volume.EndsWith(":ro", StringComparison.Ordinal));
        _file.Services.Values.SelectMany(service => service["environment"].Entries.Keys)
            .ShouldNotContain(key => key.EndsWith("PASSWORD", StringComparison.OrdinalIgnoreCase), "passwords come from files");
    }

    [Fact]
    public void Init_MountsEveryFolderThatItFills()
    {
        var folders = new InitFolders("/run/fleet").All;

        _file.Services["init"]["volumes"].Texts.Select(volume => volume.Split(':')[1]).ShouldBe(folders, ignoreOrder: true);
    }

    [Fact]
    public void Volumes_AreDeclaredAndUsed()
    {
        var used = _file.Services.Values.SelectMany(service => service["volumes"].Texts).Select(volume => volume.Split(':')[0])
            .Where(volume => !volume.StartsWith('.')).Distinct();

        used.ShouldBe(_file.Tree["volumes"].Entries.Keys, ignoreOrder: true);
    }

    private static int Number(Capture digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    private static List<string> Ports(ComposeFile file) => [.. file.Services.Values.SelectMany(service => service["ports"].Texts)];

    [GeneratedRegex(@":(\d+)-(\d+):")]
    private static partial Regex Range();
}
