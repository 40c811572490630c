using System.Globalization;
using System.Text;

namespace Fleet.Benchmarks.Connections;

/// <summary>The tables of a run, in Markdown.</summary>
internal static class ConnectionsReport
{
    public static string Write(IReadOnlyList<ConnectionsSample> opening, ConnectionsSample settled, ConnectionsSample watched, ConnectionsAnswer devices, ConnectionsAnswer before)
    {
        StringBuilder text = new();
        text.AppendLine("| sessions | the silo's memory, MiB resident | KiB for each, since none | opened a second | CPU of the silo, ms for each |");
        text.AppendLine("|---|---|---|---|---|");
        var none = opening[0];
        foreach (var (last, sample) in opening.Zip(opening.Skip(1)))
        {
            var more = sample.Connections - last.Connections;
            text.AppendLine(Format(
                $"| {sample.Connections:N0} | {sample.ResidentMiB:N0} | {KibibytesEach(none, sample):N1} | {more / (sample.Seconds - last.Seconds):N0} | {1_000 * (sample.CpuSeconds - last.CpuSeconds) / more:N2} |"));
        }

        var seconds = watched.Seconds - settled.Seconds;
        var answered = devices.Answered - before.Answered;
        text.AppendLine().AppendLine(Format(
            $"Then {seconds:F0} s with heartbeats only: {none.ResidentMiB:N0} MiB without sessions, {watched.ResidentMiB:N0} MiB with {watched.Connections:N0}, **{KibibytesEach(none, watched):N1} KiB for each**;"));
        text.AppendLine(Format(
            $"{answered / seconds:N0} heartbeats a second answered, {100 * (watched.CpuSeconds - settled.CpuSeconds) / seconds:N1} % of one core; {devices.Broken:N0} sessions broke."));
        return text.ToString();
    }

    private static double KibibytesEach(ConnectionsSample none, ConnectionsSample sample) =>
        sample.Connections == 0 ? 0 : (sample.ResidentMiB - none.ResidentMiB) * 1_024 / sample.Connections;

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
