using System.Globalization;
using System.Text;
using Fleet.Chaos.Verdict;

namespace Fleet.Chaos.Running;

/// <summary>The table at the end of a run.</summary>
internal static class ReportTable
{
    // The upper end of the 95 % interval of a probability after n trials without a single case: 1 - 0.05^(1/n), nearly 3/n.
    private const double RuleOfThree = 3;

    private static readonly (Bad Kind, string Name, string Meaning)[] _bad =
    [
        (Bad.Lost, "lost", "heard, no row, not reported"),
        (Bad.LostWithoutCause, "lost without cause", "reported as lost, no full disk or bound explains it"),
        (Bad.Duplicated, "duplicated", "two rows for one utterance or number"),
        (Bad.Altered, "altered", "stored audio or number is not what was heard"),
        (Bad.Misordered, "misordered", "by (started_at, utterance_id) not in the order of the numbers"),
        (Bad.Stuck, "stuck", "in a spool or without a final status at the end"),
        (Bad.Unknown, "unknown", "a row of which no ledger knows"),
        (Bad.Gap, "gap in the numbers", "a number that no row has"),
        (Bad.Miscounted, "miscounted", "the product's own accounts differ"),
        (Bad.LedgerDamaged, "ledger damaged", "the run proves nothing"),
    ];

    private static readonly (Good Kind, string Name, string Meaning)[] _good =
    [
        (Good.Whole, "stored whole", "byte for byte as heard"),
        (Good.CutByKill, "cut by a kill", "the agent was killed in the middle: the beginning is stored"),
        (Good.CutByDisk, "cut by a full disk", "the beginning is stored"),
        (Good.LostWithCause, "reported as lost", "disk full or spool full, and said so"),
        (Good.NotBegun, "killed at once", "the agent was killed before the first second was on the disk"),
    ];

    /// <param name="hits">Faults that hit, by name.</param>
    /// <param name="findings">The verdict.</param>
    /// <param name="ackGaps">By the same names: how long nobody got an ack.</param>
    public static string Create(IReadOnlyDictionary<string, int> hits, Findings findings, IReadOnlyDictionary<string, TimeSpan>? ackGaps = null)
    {
        ArgumentNullException.ThrowIfNull(hits);
        ArgumentNullException.ThrowIfNull(findings);
        var text = new StringBuilder();
        text.AppendLine("faults that hit");
        foreach (var (name, count) in hits.OrderBy(hit => hit.Key, StringComparer.Ordinal))
        {
            Row(text, name, count, ackGaps?.TryGetValue(name, out var gap) == true
                ? string.Create(CultureInfo.InvariantCulture, $"longest time without an ack {gap.TotalSeconds:0.0} s") : "");
        }

        var faults = hits.Values.Sum();
        Row(text, "all faults", faults, "");
        text.AppendLine("utterances");
        Row(text, "heard", findings.Utterances, "");
        foreach (var (kind, name, meaning) in _good)
        {
            Row(text, name, findings[kind], meaning);
        }

        text.AppendLine("must be 0");
        foreach (var (kind, name, meaning) in _bad)
        {
            Row(text, name, findings[kind], meaning);
        }

        text.AppendLine("to know");
        Row(text, "failed", findings.Failed, "stored, and no transcript could be had");
        text.AppendLine(string.Create(
            CultureInfo.InvariantCulture, $"  the most that a kill took from the end of an utterance: {findings.LongestCut.TotalMilliseconds:0} ms"));
        findings.Notes.ForEach(note => text.AppendLine($"  {note}"));
        text.Append(Bound(faults, findings));
        return text.ToString();
    }

    /// <summary>What so many faults without a case allow to say.</summary>
    internal static string Bound(int faults, Findings findings) =>
        !findings.IsClean ? "No bound: the counts above are not all 0."
        : faults == 0 ? "No bound: no fault hit."
        : string.Create(
            CultureInfo.InvariantCulture,
            $"With {faults} faults and no case: at 95 % confidence fewer than {Math.Min(100, 100 * RuleOfThree / faults):0.#} % of such faults cost an utterance (3/{faults}).");

    private static void Row(StringBuilder text, string name, int count, string meaning) =>
        text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-38} {count,7}  {meaning}").TrimEnd());
}
