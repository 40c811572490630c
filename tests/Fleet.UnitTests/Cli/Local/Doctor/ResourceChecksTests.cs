using System.Net;
using System.Text;
using Fleet.Cli.Local.Doctor;

namespace Fleet.UnitTests.Cli.Local.Doctor;

public sealed class ResourceChecksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-doctor-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(8_000_000, null, null, "Good")]
    [InlineData(1_000_000, null, null, "Warning")]
    [InlineData(300_000, null, null, "Bad")]
    [InlineData(8_000_000, 1_000_000_000L, 700_000_000L, "Bad")] // a container's limit, not the machine's memory
    public void Memory_Free_IsComparedWithWhatAFleetTakes(long availableKb, long? limit, long? used, string severity)
    {
        var finding = ResourceChecks.Memory(["MemTotal: 9000000 kB", $"MemAvailable:   {availableKb} kB"], limit, used);

        finding.Severity.ToString().ShouldBe(severity, finding.ToString());
        finding.Detail.ShouldContain("a fleet takes about 1.2");
    }

    [Fact]
    public void SharedMemory_NoSuchFolder_SaysHowToMountIt() =>
        ResourceChecks.SharedMemory(Path.Combine(_folder, "shm")).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Warning), finding => finding.Mend.ShouldContain("--shm-size"));

    [Theory]
    [InlineData("1048576", 10_000, "Good")]
    [InlineData("unlimited", 10_000, "Good")]
    [InlineData("1024", 8, "Good")]
    [InlineData("1024", 1000, "Bad")]
    public void OpenFiles_HardLimit_IsComparedWithTheDevices(string hard, int devices, string severity)
    {
        var finding = ResourceChecks.OpenFiles(devices, ["Limit  Soft Limit  Hard Limit  Units", $"Max open files            1024                 {hard}              files     "]);

        finding.Severity.ToString().ShouldBe(severity, finding.ToString());
        if (severity == "Bad")
        {
            finding.Mend.ShouldContain("ulimit -Hn 6300");
        }
    }

    [Fact]
    public void Watches_OneIsRefused_SaysWhichLimit()
    {
        // The limit is one of the user's whole machine: using it up for real would take the watches of everything that runs beside us.
        var given = new List<IDisposable>();

        var finding = ResourceChecks.Watches(_ =>
        {
            given.Add(given.Count < 3 ? new MemoryStream() : throw new IOException("The configured user limit (128) on the number of inotify instances has been reached."));
            return given[^1];
        });

        finding.Severity.ShouldBe(FindingSeverity.Bad);
        finding.Detail.ShouldContain("number 4");
        finding.Mend.ShouldContain("fs.inotify.max_user_instances");
        given.Cast<MemoryStream>().ShouldAllBe(watch => !watch.CanRead);
    }

    [Fact]
    public void Watches_ToBeHad_IsGood() => ResourceChecks.Watches(_ => new MemoryStream()).Severity.ShouldBe(FindingSeverity.Good);

    [Fact]
    public void Temporary_MissingOrLong_SaysTmpdir()
    {
        ResourceChecks.Temporary(_folder).Severity.ShouldBe(FindingSeverity.Good);
        ResourceChecks.Temporary(Path.Combine(_folder, "none")).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad), finding => finding.Mend.ShouldContain("TMPDIR"));
        var longFolder = Directory.CreateDirectory(Path.Combine(_folder, new string('x', 80))).FullName;
        ResourceChecks.Temporary(longFolder).Detail.ShouldContain("too long");
    }

    [Fact]
    public void Clock_NeverSet_IsBad()
    {
        ResourceChecks.Clock(DateTimeOffset.UnixEpoch).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad), finding => finding.Detail.ShouldContain("1970-01-01"), finding => finding.Mend.ShouldContain("timedatectl"));
        ResourceChecks.Clock(new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero)).Severity.ShouldBe(FindingSeverity.Good);
    }

    [Fact]
    public void Proxies_ForLoopback_SaysNoProxy()
    {
        ResourceChecks.Proxies(new WebProxy("http://proxy.example:3128")).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad),
            finding => finding.Detail.ShouldContain("proxy.example:3128"),
            finding => finding.Mend.ShouldContain("NO_PROXY"));
        ResourceChecks.Proxies(new WebProxy("http://proxy.example:3128", BypassOnLocal: true)).Severity.ShouldBe(FindingSeverity.Good);
        ResourceChecks.Proxies(new WebProxy("http://proxy.example:3128") { BypassList = ["127\\.0\\.0\\.1"] }).Severity.ShouldBe(FindingSeverity.Good);
    }

    [Fact]
    public void Locale_NotThereOrNotUtf8_SaysSo()
    {
        ResourceChecks.Locale(["C", "POSIX"], new UTF8Encoding()).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad), finding => finding.Detail.ShouldContain("C.UTF-8"));
        ResourceChecks.Locale(["C", "C.utf8"], Encoding.Latin1).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Warning), finding => finding.Detail.ShouldContain("iso-8859-1"));
        ResourceChecks.Locale(["C", "C.UTF-8"], new UTF8Encoding()).Severity.ShouldBe(FindingSeverity.Good);
    }
}
