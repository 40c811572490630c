using System.CommandLine;
using Fleet.Cli.Api;
using Fleet.Cli.History;
using Fleet.Cli.Output;
using Fleet.V1;
using Spectre.Console;

namespace Fleet.Cli.Watch;

/// <summary>`fleet-cli watch`: transcripts as they come, through restarts of the fleet, without a gap.</summary>
internal sealed class WatchCommand
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(15);

    private const string About =
        """
        Transcripts as they come, until Ctrl-C. Goes on by itself when the silo or the network was away, and
        leaves nothing out.

        Example: what the kitchen says, as JSON, for a program that goes on where it stopped
          fleet-cli watch --device kitchen --json --resume-file kitchen.token

        Example: everything that is kept, then what comes
          fleet-cli watch --resume 0
        """;

    private readonly Option<string[]> _devices = new("--device") { Description = "Only of this device; may be given often", HelpName = "ID" };

    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Begin after the change with this token (resume_token of --json); 0 = everything that is kept. Without it: from now on",
        HelpName = "TOKEN",
    };

    private readonly Option<string?> _resumeFile = new("--resume-file")
    {
        Description = "Keep the token in this file, and begin there if it holds one",
        HelpName = "FILE",
    };

    private readonly Option<int> _count = new("--count") { Description = "End after so many transcripts; 0 = never", HelpName = "N" };

    private readonly Option<bool> _json = new("--json") { Description = "Every change as one JSON object a line (docs/cli.md)" };

    public static Command Create(TimeProvider time)
    {
        WatchCommand sut = new();
        var command = new Command("watch", About) { sut._devices, sut._resume, sut._resumeFile, sut._count, sut._json };
        command.AsksFleet(time, sut.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, FleetClient client, Writers writers, CancellationToken cancellationToken)
    {
        var file = parsed.GetValue(_resumeFile) is { } path ? new ResumeFile(path) : null;
        var token = parsed.GetValue(_resume) ?? file?.Read() ?? "";
        var watch = new Watching(parsed.GetValue(_json), new HashSet<string>(parsed.GetValue(_devices) ?? [], StringComparer.Ordinal), parsed.GetValue(_count), writers, file) { Token = token };
        var wasConnected = false;
        var pause = _firstPause;
        while (true)
        {
            try
            {
                using var call = client.Api.WatchTranscripts(
                    new WatchTranscriptsRequest { ResumeToken = watch.Token, SendPosition = true }, client.Headers, cancellationToken: cancellationToken);
                await writers.Slow.WhileAsync(call.ResponseHeadersAsync, () => "Connecting");
                if (wasConnected)
                {
                    await writers.Errors.WriteLineAsync("Connected again.");
                }
                else if (!parsed.GetValue(_json))
                {
                    await writers.Errors.WriteLineAsync("Watching; Ctrl-C ends it.");
                }

                wasConnected = true;
                while (await call.ResponseStream.MoveNext(cancellationToken))
                {
                    pause = _firstPause;
                    if (watch.Take(call.ResponseStream.Current))
                    {
                        return ExitCodes.Done;
                    }
                }
            }
            catch (Exception exception) when (wasConnected && FleetClient.IsAway(exception) && !cancellationToken.IsCancellationRequested)
            {
                await writers.Errors.WriteLineAsync(PlainText.Of($"{client.Explain(exception).Message} Trying again."));
            }

            await Task.Delay(pause, writers.Time, cancellationToken);
            pause = 2 * pause < _longestPause ? 2 * pause : _longestPause;
        }
    }

    // What has been shown, over all connections.
    private sealed class Watching(bool json, IReadOnlySet<string> devices, int count, Writers writers, ResumeFile? file)
    {
        private int _transcripts;

        public required string Token { get; set; }

        /// <summary>True when it was the last one that is wanted.</summary>
        public bool Take(TranscriptChange change)
        {
            if (change.Transcript is null && change.Erased is null)
            {
                // Where the stream begins.
                Keep(change);
                return false;
            }

            var isTranscript = change.Transcript is { Status: not UtteranceStatus.Stored } && IsWanted(change.Transcript.DeviceId);
            if (json && IsWanted(change.Transcript?.DeviceId ?? change.Erased?.DeviceId ?? ""))
            {
                JsonLines.Write(writers.Output, WatchLine.From(change));
            }
            else if (!json && isTranscript)
            {
                Show(change.Transcript!); // not null: it is one
            }

            // After it was shown: shown twice is better than never.
            Keep(change);
            _transcripts += isTranscript ? 1 : 0;
            return count > 0 && _transcripts >= count;
        }

        private void Keep(TranscriptChange change)
        {
            Token = change.ResumeToken;
            file?.Write(Token);
        }

        private bool IsWanted(string deviceId) => devices.Count == 0 || devices.Contains(deviceId);

        private void Show(TranscriptRecord row)
        {
            writers.Console.Write(new Text($"{writers.Moment(row.StartedAtUnixMs)}  {PlainText.Of(row.DeviceId),-16}  "));
            writers.Console.Write(TranscriptTable.Words(row));
            writers.Console.WriteLine();
        }
    }
}
