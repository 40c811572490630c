using Fleet.Cli.Local.Doctor;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Local.Doctor;

/// <summary>Folders in every bad state, made for real.</summary>
public sealed class PlaceChecksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-doctor-test-").FullName;

    private LocalPaths Paths => new(_folder, ".fleet");

    private FleetPrograms Programs => new(Path.Combine(_folder, "artifacts", "portable", "bin", "Fleet.Cli", "release"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void StateFolder_CannotBeMade_SaysWhy()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");

        var finding = new PlaceChecks(new LocalPaths(_folder, "file/state"), Programs).StateFolder();

        finding.Severity.ShouldBe(FindingSeverity.Bad);
        finding.Mend.ShouldContain("--state-dir");
        new PlaceChecks(Paths, Programs).StateFolder().Severity.ShouldBe(FindingSeverity.Good);
    }

    [Fact]
    public void FileSystem_NoexecNetworkOrStrangePath_IsTold()
    {
        var mounts = MountTable.Parse(
        [
            "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
            $"22 21 8:2 / {_folder.Replace(" ", "\\040", StringComparison.Ordinal)} rw,noexec - ext4 /dev/sda2 rw",
        ]);
        new PlaceChecks(Paths, Programs).FileSystem(mounts).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad), finding => finding.Detail.ShouldContain("noexec"), finding => finding.Mend.ShouldContain("remount,exec"));
        new PlaceChecks(Paths, Programs).FileSystem(MountTable.Parse(["21 1 0:42 / / rw - nfs4 server:/home rw"])).Detail.ShouldContain("nfs4");
        new PlaceChecks(Paths, Programs).FileSystem(MountTable.Parse(["21 1 8:1 / / rw - ext4 /dev/sda1 rw"])).Severity.ShouldBe(FindingSeverity.Good);
        new PlaceChecks(new LocalPaths("/srv/a;b", ".fleet"), Programs).FileSystem(MountTable.Parse([])).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad), finding => finding.Detail.ShouldContain("a;b"));
    }

    [Fact]
    public void Disk_TooLittle_SaysHowMuchIsNeededForWhat()
    {
        PlaceChecks.Disk("/srv", 1_000_000_000, 2_500_000_000, isBuilt: false).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad), finding => finding.Detail.ShouldContain("1.0 GB free at /srv, 2.5 needed to build and run"));
        PlaceChecks.Disk("/srv", 1_000_000_000, 500_000_000, isBuilt: true).Severity.ShouldBe(FindingSeverity.Good);
    }

    [Fact]
    public void Secrets_OpenOrEmpty_NamesThem()
    {
        new SecretChecks(Paths).Check().Detail.ShouldContain("none yet");
        Paths.Create();
        var key = Path.Combine(Paths.SecretsFolder, "join.key");
        PrivateFile.Write(key, "");
        new SecretChecks(Paths).Check().ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad), finding => finding.Detail.ShouldBe("empty: join.key"), finding => finding.Mend.ShouldStartWith("rm "));
        PrivateFile.Write(key, "a-key-of-the-fleet");
        new SecretChecks(Paths).Check().Severity.ShouldBe(FindingSeverity.Good);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            new SecretChecks(Paths).Check().ShouldSatisfyAllConditions(
                finding => finding.Detail.ShouldBe("others may read join.key"), finding => finding.Mend.ShouldStartWith("chmod -R go="));
        }
    }

    [Fact]
    public void Database_OfAVersionThatIsNotInstalled_SaysWhichToInstall()
    {
        new DatabaseChecks(Paths).Check().Detail.ShouldContain("will be made");
        Paths.Create();
        var data = Directory.CreateDirectory(Path.Combine(Paths.PostgresFolder(), "data")).FullName;
        File.WriteAllText(Path.Combine(Paths.PostgresFolder(), "complete"), "");
        new DatabaseChecks(Paths).Check().Detail.ShouldContain("holds no cluster");
        File.WriteAllText(Path.Combine(data, "PG_VERSION"), "9\n");
        new DatabaseChecks(Paths).Check().ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad),
            finding => finding.Detail.ShouldContain("was made by PostgreSQL 9"),
            finding => finding.Mend.ShouldContain("postgresql-9"));
    }

    [Fact]
    public void Build_SourcesNewer_NamesTheNewest()
    {
        var checks = new BuildChecks(Paths, Programs);
        checks.Built(fleetRuns: false).Detail.ShouldContain("not built");
        foreach (var program in new[] { "Fleet.Scoring", "Fleet.Silo", "Fleet.Dashboard", "Fleet.DeviceAgent" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Programs.Assembly(program))!); // a file has a folder
            File.WriteAllText(Programs.Assembly(program), "");
        }

        checks.Built(fleetRuns: false).Detail.ShouldContain("up to date");
        Directory.CreateDirectory(Path.Combine(_folder, "silo"));
        var source = Path.Combine(_folder, "silo", "Program.cs");
        File.WriteAllText(source, "");
        File.SetLastWriteTimeUtc(source, File.GetLastWriteTimeUtc(Programs.Assembly("Fleet.Silo")).AddHours(1));
        checks.Built(fleetRuns: false).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Good), finding => finding.Detail.ShouldContain("older than silo/Program.cs"));
        checks.Built(fleetRuns: true).Mend.ShouldContain("./fleet down");
    }

    [Fact]
    public async Task Feed_AskedBefore_TellsWhatWasFoundOut()
    {
        Directory.CreateDirectory(Programs.Artifacts);
        await File.WriteAllLinesAsync(Path.Combine(Programs.Artifacts, "flavour"), ["123", "portable", "the feed does not allow the full one: NU1101"]);

        (await new BuildChecks(Paths, Programs).FeedAsync(CancellationToken.None)).Detail.ShouldBe("portable flavour (the feed does not allow the full one: NU1101)");
        BuildChecks.JudgeTrial(true, []).Detail.ShouldStartWith("full flavour");
        BuildChecks.JudgeTrial(false, ["/x.csproj : error NU1101: Unable to find package Y. [/x.csproj]"]).Detail.ShouldContain("NU1101: Unable to find package Y");
        BuildChecks.JudgeTrial(false, ["error NU1301: Unable to load the service index"]).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Warning), finding => finding.Mend.ShouldContain("nuget list source"));
    }
}
