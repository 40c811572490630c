using System.Globalization;
using System.Text.Json;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Doctor;

/// <summary>What the doctor says, for people and for programs.</summary>
internal static class DoctorReport
{
    private const int NameColumn = 20;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static bool IsFine(IEnumerable<Finding> findings) => findings.All(finding => finding.Severity != FindingSeverity.Bad);

    public static void Tell(Narrator narrator, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var text = $"{finding.What.PadRight(NameColumn)} {finding.Detail}";
            switch (finding.Severity)
            {
                case FindingSeverity.Good:
                    narrator.Good(text);
                    break;
                case FindingSeverity.Warning:
                    narrator.Warn($"{text}\n   mend: {finding.Mend}");
                    break;
                default:
                    narrator.Bad($"{text}\n   mend: {finding.Mend}");
                    break;
            }
        }
    }

    public static void TellEnd(Narrator narrator, IReadOnlyList<Finding> findings)
    {
        var bad = findings.Where(finding => finding.Severity == FindingSeverity.Bad).Select(finding => finding.What.Trim()).ToArray();
        var warnings = findings.Count(finding => finding.Severity == FindingSeverity.Warning);
        narrator.Say(bad.Length > 0
            ? $"A start would fail: {string.Join(", ", bad)}."
            : warnings > 0 ? string.Create(CultureInfo.InvariantCulture, $"Nothing prevents a start; {warnings} of {findings.Count} want a look.") : "All is well.");
    }

    public static string ToJson(IReadOnlyList<Finding> findings) => JsonSerializer.Serialize(
        new
        {
            Fine = IsFine(findings),
            Findings = findings.Select(finding => new
            {
                Check = finding.What.Trim(),
                Verdict = finding.Severity switch { FindingSeverity.Good => "ok", FindingSeverity.Warning => "warning", _ => "no" },
                finding.Detail,
                finding.Mend,
            }),
        },
        _json);
}
