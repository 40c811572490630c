using Fleet.Cli.Local.Doctor;
using Fleet.Cli.Local.Install;
using Fleet.Cli.Local.Postgres;

namespace Fleet.UnitTests.Cli.Local.Doctor;

public sealed class MachineChecksTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-doctor-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Sdk_GlobalJsonAsksForAnother_NamesTheFile()
    {
        (await MachineChecks.SdkAsync(_folder, CancellationToken.None)).Severity.ShouldBe(FindingSeverity.Good);
        var file = Path.Combine(_folder, "global.json");
        await File.WriteAllTextAsync(file, """{ "sdk": { "version": "10.0.999", "rollForward": "disable" } }""");

        var finding = await MachineChecks.SdkAsync(_folder, CancellationToken.None);

        finding.Severity.ShouldBe(FindingSeverity.Bad);
        finding.Detail.ShouldContain(file);
    }

    [Fact]
    public void Judge_Missing_SaysWhoInstallsItAndHow()
    {
        var postgres = new SystemPackage("postgresql", "PostgreSQL server 15 or later", ForTestsOnly: false, () => null);
        var chromium = new SystemPackage("chromium", "Chromium for the browser tests", ForTestsOnly: true, () => null);

        MachineChecks.Judge(postgres, installsItself: false, null).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Bad),
            finding => finding.Mend.ShouldBe("sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends postgresql'"));
        MachineChecks.Judge(postgres, installsItself: true, null).ShouldSatisfyAllConditions(
            finding => finding.Severity.ShouldBe(FindingSeverity.Warning), finding => finding.Mend.ShouldContain("./fleet up installs it"));
        MachineChecks.Judge(postgres, installsItself: true, new PostgresBinaries("/usr/lib/postgresql/13/bin", 13)).Detail.ShouldContain("version 13 in /usr/lib/postgresql/13/bin is too old");
        MachineChecks.Judge(chromium, installsItself: false, null).Severity.ShouldBe(FindingSeverity.Warning);
    }
}
