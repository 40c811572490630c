using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Up;

/// <summary>Passes the agents' transcripts on to the terminal; what they log besides goes to their log file only.</summary>
internal sealed class TranscriptRelay(Narrator narrator)
{
    public void OnLine(OutputLine line)
    {
        if (!line.IsError)
        {
            narrator.Relay(line.Text);
        }
    }
}
