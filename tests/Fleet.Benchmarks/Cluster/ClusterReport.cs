using System.Globalization;
using System.Text;
using Fleet.Benchmarks.GrpcCalls;
using Fleet.Benchmarks.Ingest;

namespace Fleet.Benchmarks.Cluster;

/// <summary>What was measured, and its tables in Markdown.</summary>
internal sealed class ClusterReport
{
    private readonly SortedDictionary<int, List<(DevicesReport Flood, DevicesReport Paced)>> _rates = [];

    public double Pace { get; set; }

    /// <summary>The first one without a restart, then one for each silo that was restarted.</summary>
    public List<DevicesReport> Rolls { get; } = [];

    public List<ActorsResult> Actors { get; } = [];

    /// <param name="silos">0 = embedded.</param>
    /// <param name="flood">As fast as they are taken.</param>
    /// <param name="paced">So many a second.</param>
    public void AddRate(int silos, DevicesReport flood, DevicesReport paced)
    {
        _rates.TryAdd(silos, []);
        _rates[silos].Add((flood, paced));
    }

    public string Write()
    {
        StringBuilder text = new();
        if (_rates.TryGetValue(0, out var embedded))
        {
            text.AppendLine(Format($"| silos | utterances a second | to embedded, in the same round | ack at {Pace:N0} a second, p50 / p95 / p99 ms |")).AppendLine("|---|---|---|---|");
            foreach (var (silos, reports) in _rates)
            {
                var ratios = Statistics.Ratios([.. reports.Select(static r => r.Flood.PerSecond)], [.. embedded.Select(static r => r.Flood.PerSecond)]);
                text.AppendLine(Format(
                    $"| {(silos == 0 ? "embedded" : Format($"{silos}"))} | {Median(reports, static r => r.Flood.PerSecond):N0} | {Statistics.Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2}) | {Median(reports, static r => r.Paced.P50Milliseconds):N1} / {Median(reports, static r => r.Paced.P95Milliseconds):N1} / {Median(reports, static r => r.Paced.P99Milliseconds):N1} |"));
            }

            text.AppendLine();
        }

        if (Rolls.Count > 0)
        {
            text.AppendLine("| from the end of an utterance to its ack | stored | p50 / p99 / longest ms | sessions that ended | not stored |").AppendLine("|---|---|---|---|---|");
            for (var i = 0; i < Rolls.Count; i++)
            {
                var roll = Rolls[i];
                text.AppendLine(Format(
                    $"| {(i == 0 ? "nothing happens" : Format($"silo {i} is restarted"))} | {roll.Stored:N0} | {roll.P50Milliseconds:N0} / {roll.P99Milliseconds:N0} / {roll.LongestMilliseconds:N0} | {roll.BrokenSessions:N0} | {roll.Waiting:N0} |"));
            }

            text.AppendLine();
        }

        foreach (var actors in Actors)
        {
            text.AppendLine(Format(
                $"{(actors.IsCluster ? "Cluster" : "Embedded")}: {actors.Count:N0} actors, {actors.BeforeMiB:N0} to {actors.AfterMiB:N0} MiB, **{actors.KibibytesEach:N1} KiB each**, {actors.PerSecond:N0} sessions opened and closed a second."));
        }

        return text.ToString();
    }

    private static double Median(IEnumerable<(DevicesReport Flood, DevicesReport Paced)> reports, Func<(DevicesReport Flood, DevicesReport Paced), double> value) =>
        Statistics.Median(reports.Select(value));

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
