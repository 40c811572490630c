using System.Text.Json;
using Fleet.Cli.Local.Doctor;
using Fleet.Cli.Local.Terminal;

namespace Fleet.UnitTests.Cli.Local.Doctor;

public sealed class DoctorReportTests
{
    private static readonly Finding[] _findings =
    [
        Finding.Good("Disk", "9 GB"), Finding.Warning("Ports", "5080 is taken", "nothing"), Finding.Bad("Secrets", "empty: join.key", "rm join.key"),
    ];

    [Fact]
    public void Tell_EachFinding_OneLineAndItsMend()
    {
        using var writer = new StringWriter();
        var narrator = Narrator.ForWriter(writer);

        DoctorReport.Tell(narrator, _findings);
        DoctorReport.TellEnd(narrator, _findings);

        writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).ShouldBe(
        [
            "ok Disk                 9 GB",
            "!! Ports                5080 is taken", "   mend: nothing",
            "no Secrets              empty: join.key", "   mend: rm join.key",
            "A start would fail: Secrets.",
        ]);
    }

    [Fact]
    public void ToJson_Findings_ForPrograms()
    {
        var document = JsonDocument.Parse(DoctorReport.ToJson(_findings)).RootElement;

        document.GetProperty("fine").GetBoolean().ShouldBeFalse();
        document.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("verdict").GetString()).ShouldBe(["ok", "warning", "no"]);
        DoctorReport.IsFine(_findings[..2]).ShouldBeTrue();
    }
}
