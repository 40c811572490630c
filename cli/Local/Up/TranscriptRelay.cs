using System.Text.RegularExpressions;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.Terminal;

namespace Fleet.Cli.Local.Up;

/// <summary>
/// Passes on to the terminal what the agents say to a person: transcripts, and recordings that cannot be played. Log lines, which begin with a
/// time, are in the log file only.
/// </summary>
internal sealed partial class TranscriptRelay(Narrator narrator)
{
    public void OnLine(OutputLine line)
    {
        if (!line.IsError || !LogLine().IsMatch(line.Text))
        {
            narrator.Relay(line.Text);
        }
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]")]
    private static partial Regex LogLine();
}
