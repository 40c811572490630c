using System.Globalization;

namespace Fleet.Cli.History;

/// <summary>Utterances as tab-separated values; tabs, line ends and backslashes in texts are written \t, \n, \r and \\.</summary>
internal static class TranscriptTsv
{
    public const string Header =
        "device_id\tutterance_id\tsequence_number\tstarted_at\treceived_at\tduration_ms\tstatus\ttext\treason\tconfidence\tengine\tmodel\tdeployment\ttrigger\tsource";

    public static string Line(TranscriptLine line) => string.Join(
        '\t',
        Escape(line.DeviceId),
        Escape(line.UtteranceId),
        line.SequenceNumber.ToString(CultureInfo.InvariantCulture),
        line.StartedAt,
        line.ReceivedAt,
        line.DurationMs.ToString(CultureInfo.InvariantCulture),
        line.Status,
        Escape(line.Text),
        Escape(line.Reason),
        line.Confidence?.ToString("0.###", CultureInfo.InvariantCulture),
        Escape(line.Engine),
        Escape(line.Model),
        Escape(line.Deployment),
        line.Trigger,
        Escape(line.Source));

    private static string? Escape(string? text) => text?
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal);
}
