using System.Globalization;
using System.Text;
using Fleet.Benchmarks.GrpcCalls;

namespace Fleet.Benchmarks.Ingest;

/// <summary>The tables of a run, in Markdown.</summary>
internal static class IngestReport
{
    public static string Write(IngestResults results, IngestOptions options)
    {
        StringBuilder text = new();
        if (results.Bare.Count > 0)
        {
            Rates(text, results, options);
        }

        Acks(text, results);
        if (results.Outage is { } outage)
        {
            Outage(text, outage, options);
        }

        return text.ToString();
    }

    private static void Rates(StringBuilder text, IngestResults results, IngestOptions options)
    {
        text.AppendLine(Format(
            $"Utterances of {options.AudioBytes:N0} bytes stored and acked a second, median of the rounds; in brackets as a multiple of the bare loop in the same"));
        text.AppendLine(Format($"round: median (lowest to highest). The bare loop has {options.GroupRows} rows in a transaction, on one connection.")).AppendLine();
        text.AppendLine("| devices | a second | MB/s | to the bare loop | ack p50 / p99 ms | sent again later |").AppendLine("|---|---|---|---|---|---|");
        var bare = Statistics.Median(results.Bare.Select(static report => report.PerSecond));
        text.AppendLine(Format($"| bare loop | {bare:N0} | {bare * options.AudioBytes / 1e6:N1} | 1 | {Milliseconds(results.Bare.Select(static report => (report.P50Milliseconds, report.P99Milliseconds)))} | |"));
        foreach (var (devices, reports) in results.Floods)
        {
            var rate = Statistics.Median(reports.Select(static report => report.PerSecond));
            var ratios = Statistics.Ratios([.. reports.Select(static report => report.PerSecond)], [.. results.Bare.Select(static report => report.PerSecond)]);
            text.AppendLine(Format(
                $"| {devices} | {rate:N0} | {rate * options.AudioBytes / 1e6:N1} | {Spread(ratios)} | {Acks(reports)} | {reports.Sum(static report => report.Refused):N0} |"));
        }

        text.AppendLine();
    }

    private static void Acks(StringBuilder text, IngestResults results)
    {
        text.AppendLine("From the end of an utterance to its ack, in ms; medians of the rounds.").AppendLine();
        text.AppendLine("| | p50 / p99 ms | p50 to the bare insert |").AppendLine("|---|---|---|");
        text.AppendLine(Format($"| 8 KiB written and synced (fsync) | {Milliseconds(results.Syncs)} | |"));
        if (results.Lone.Count > 0)
        {
            text.AppendLine(Format($"| bare insert and commit of one row | {Milliseconds(results.BareSingle.Select(static report => (report.P50Milliseconds, report.P99Milliseconds)))} | 1 |"));
            var ratios = Statistics.Ratios(
                [.. results.Lone.Select(static report => report.P50Milliseconds)], [.. results.BareSingle.Select(static report => report.P50Milliseconds)]);
            text.AppendLine(Format($"| one device, one utterance at a time | {Acks(results.Lone)} | {Spread(ratios)} |"));
        }

        if (results.Half.Count > 0)
        {
            var rate = Statistics.Median(results.Half.Select(static report => report.PerSecond));
            text.AppendLine(Format(
                $"| half of the most: {results.HalfTarget:N0} a second wanted, {rate:N0} stored, {results.HalfDevices} devices | {Acks(results.Half)} | |"));
        }

        text.AppendLine();
    }

    private static void Outage(StringBuilder text, OutageResult outage, IngestOptions options)
    {
        text.AppendLine(Format(
            $"The silo's memory (resident) while PostgreSQL is away for {options.Outage.TotalMinutes:0.##} minutes and {options.Talkers} devices talk on."));
        text.AppendLine().AppendLine("| | MiB | utterances that wait at the devices |").AppendLine("|---|---|---|");
        foreach (var (name, sample) in outage.Moments())
        {
            text.AppendLine(Format($"| {name} ({sample.Seconds:F0} s) | {sample.SiloMiB:N0} | {sample.UtterancesWaiting:N0} |"));
        }

        var recovery = outage.Recovery is { } time ? Format($"{time.TotalSeconds:F0} s after its return the backlog was stored") : "the backlog was not stored in time";
        text.AppendLine().AppendLine(Format(
            $"{outage.Spoken:N0} spoken, {outage.Stored.Rows:N0} rows, {outage.Spoken - outage.Stored.DifferentNumbers:N0} missing, {outage.Stored.Rows - outage.Stored.DifferentNumbers:N0} twice, {outage.Stored.AudioBytes:N0} bytes of audio of {outage.Spoken * options.AudioBytes:N0};"));
        text.AppendLine(Format($"{recovery}; {outage.Devices.BrokenSessions:N0} sessions broke, {outage.Devices.Refused:N0} answers were \"send it again later\"."));
    }

    private static string Acks(IEnumerable<DevicesReport> reports) =>
        Milliseconds(reports.Select(static report => (report.P50Milliseconds, report.P99Milliseconds)));

    private static string Milliseconds(IEnumerable<(double P50, double P99)> values)
    {
        var all = values.ToList();
        return Format($"{Statistics.Median(all.Select(static value => value.P50)):N1} / {Statistics.Median(all.Select(static value => value.P99)):N1}");
    }

    private static string Spread(IReadOnlyList<double> ratios) => Format($"{Statistics.Median(ratios):F2} ({ratios.Min():F2} to {ratios.Max():F2})");

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
