using System.Globalization;
using System.Text;

namespace Fleet.Benchmarks.Batching;

/// <summary>The tables, and how the goals stand.</summary>
internal static class BatchingReport
{
    public static string Table(IReadOnlyList<LoadResult> results, double idealPerSecond)
    {
        var text = new StringBuilder();
        text.AppendLine("| load | policy | of the ideal | p50 | p95 | p99 | open at the end | utterances a call | of seconds |").AppendLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var result in results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {result.Load * 100:F0} % | {result.Policy} | {result.Throughput / idealPerSecond * 100:F1} % | {Time(result.Percentile(0.5))} | {Time(result.Percentile(0.95))} | {Time(result.Percentile(0.99))} | {result.Open} of {result.Said} | {result.UtterancesPerCall:F1} | {result.SecondsPerUtterance:F2} |");
        }

        return text.ToString();
    }

    /// <summary>Ours against the best of the others, at each load.</summary>
    public static string Goals(IReadOnlyList<LoadResult> results, double idealPerSecond)
    {
        var text = new StringBuilder();
        text.AppendLine("| load | throughput, of the best other | p50 | p95 | p99 |").AppendLine("|---|---|---|---|---|");
        foreach (var at in results.GroupBy(static result => result.Load))
        {
            var ours = at.Single(static result => result.Policy == PolicyKind.Ours.Name);
            List<LoadResult> others = [.. at.Where(result => result != ours)];
            string Ratio(double share) => Percent(ours.Percentile(share) / others.Min(other => other.Percentile(share)));
            text.AppendLine(CultureInfo.InvariantCulture, $"| {at.Key * 100:F0} % | {Percent(ours.Throughput / others.Max(static other => other.Throughput))} | {Ratio(0.5)} | {Ratio(0.95)} | {Ratio(0.99)} |");
        }

        var most = results.Where(static result => result.Policy == PolicyKind.Ours.Name).MaxBy(static result => result.Load);
        var least = results.Min(static result => result.Load);
        var (idle, direct) = (At(results, PolicyKind.Ours, least), At(results, PolicyKind.Direct, least));
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"At saturation: {most?.Throughput / idealPerSecond * 100:F1} % of the ideal (goal: 95 %).");
        text.AppendLine(CultureInfo.InvariantCulture, $"At {least * 100:F0} % load: p50 {Percent(idle.Percentile(0.5) / direct.Percentile(0.5))} of one a call (goal: 105 %).");
        return text.ToString();
    }

    private static LoadResult At(IReadOnlyList<LoadResult> results, PolicyKind kind, double load) => results.Single(result => result.Policy == kind.Name && result.Load == load);

    private static string Percent(double ratio) => double.IsFinite(ratio) ? string.Create(CultureInfo.InvariantCulture, $"{ratio * 100:F0} %") : "–";

    private static string Time(double seconds) => double.IsPositiveInfinity(seconds)
        ? "open"
        : seconds < 10 ? string.Create(CultureInfo.InvariantCulture, $"{seconds * 1_000:F0} ms") : string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s");
}
