using System.Globalization;
using System.Text;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>The tables of a run, in Markdown.</summary>
internal static class Report
{
    public static string Write(Results results, IReadOnlyList<Scenario> scenarios, IReadOnlyList<string> pairs, string baseline)
    {
        StringBuilder text = new();
        text.AppendLine($"Calls or messages per second, median; in brackets as multiples of {baseline}: median (lowest to highest round).").AppendLine();
        Table(text, results, scenarios, pairs, (scenario, pair) => Rate(results, scenario, pair, baseline));
        text.AppendLine().AppendLine("Latency of a call or round trip in µs, median of the rounds: p50 / p99.").AppendLine();
        Scenario[] withLatency = [.. scenarios.Where(static scenario => scenario.Shape is Load.Unary or Load.PingPong)];
        Table(text, results, withLatency, pairs, (scenario, pair) => Format(
            $"{results.Median(scenario, pair, s => s.P50Microseconds):N0} / {results.Median(scenario, pair, s => s.P99Microseconds):N0}"));
        text.AppendLine().AppendLine("CPU time of a call or message in µs, client and server together, median.").AppendLine();
        Table(text, results, scenarios, pairs, (scenario, pair) => Format($"{results.Median(scenario, pair, s => s.CpuMicroseconds):N1}"));
        text.AppendLine().AppendLine("Bytes allocated for a call or message on .NET's heap, median: client / server.").AppendLine();
        Table(text, results, scenarios, [.. pairs.Where(pair => pair != baseline)], (scenario, pair) =>
            $"{Bytes(results.Median(scenario, pair, s => s.ClientAllocatedBytes))} / {Bytes(results.Median(scenario, pair, s => s.ServerAllocatedBytes))}");
        return text.ToString();
    }

    private static string Rate(Results results, Scenario scenario, string pair, string baseline)
    {
        var rate = Format($"{results.Median(scenario, pair, s => s.PerSecond):N0}");
        if (pair == baseline)
        {
            return rate;
        }

        var ratios = results.Ratios(scenario, pair, baseline);
        return Format($"{rate} ({Statistics.Median(ratios):F1}x, {ratios.Min():F1} to {ratios.Max():F1})");
    }

    private static void Table(
        StringBuilder text, Results results, IReadOnlyList<Scenario> scenarios, IReadOnlyList<string> pairs, Func<Scenario, string, string> cell)
    {
        text.AppendLine($"| | {string.Join(" | ", pairs)} |");
        text.AppendLine($"|---|{string.Concat(pairs.Select(static _ => "---|"))}");
        foreach (var scenario in scenarios)
        {
            text.AppendLine($"| {scenario.Name} | {string.Join(" | ", pairs.Select(pair => results.Has(scenario, pair) ? cell(scenario, pair) : ""))} |");
        }
    }

    // A runtime that does not tell reports nothing at all.
    private static string Bytes(double bytes) => bytes == 0 ? "-" : Format($"{bytes:N0}");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
