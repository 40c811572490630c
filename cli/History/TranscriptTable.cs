using Fleet.Cli.Output;
using Fleet.V1;
using Spectre.Console;

namespace Fleet.Cli.History;

/// <summary>Utterances for people.</summary>
internal static class TranscriptTable
{
    public static void Show(IReadOnlyCollection<TranscriptRecord> rows, Writers writers)
    {
        var table = Writers.NewTable("TIME", "DEVICE", "TRANSCRIPT", "DEPLOYMENT", "UTTERANCE");
        foreach (var row in rows)
        {
            table.AddRow(
                new Text(writers.Moment(row.StartedAtUnixMs)),
                new Text(PlainText.Of(row.DeviceId)),
                Words(row),
                new Text(PlainText.Of(Who(row)), Color.Grey),
                new Text(PlainText.Of(row.UtteranceId), Color.Grey));
        }

        writers.Console.Write(table);
    }

    /// <summary>The text, or why there is none.</summary>
    public static Text Words(TranscriptRecord row) => row.Status switch
    {
        UtteranceStatus.Transcribed => new Text(PlainText.Of(row.Text)),
        UtteranceStatus.Empty => new Text("(no words)", Color.Grey),
        UtteranceStatus.Stored => new Text("(waits for its transcript)", Color.Grey),
        UtteranceStatus.Failed => new Text(PlainText.Of($"(failed: {row.Reason})"), Color.Red),
        UtteranceStatus.Lost => new Text(PlainText.Of($"(lost: {row.Reason})"), Color.Yellow),
        _ => new Text($"({JsonLines.Name(row.Status)})", Color.Grey),
    };

    private static string Who(TranscriptRecord row) => row.Deployment.Length > 0 ? row.Deployment : row.Engine;
}
