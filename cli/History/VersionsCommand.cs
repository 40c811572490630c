using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Api;
using Fleet.Cli.Output;
using Fleet.V1;
using Google.Protobuf.Collections;
using Spectre.Console;

namespace Fleet.Cli.History;

/// <summary>`fleet-cli versions`: what each deployment made of an utterance.</summary>
internal static class VersionsCommand
{
    private const string About =
        """
        What each deployment made of an utterance: the text that history shows, then the others with the
        words in which they differ. DEVICE and UTTERANCE are columns of fleet-cli history.

        Example:
          fleet-cli versions kitchen 01972f3a-7c00-7000-8000-000000000000
        """;

    public static Command Create(TimeProvider time)
    {
        var device = new Argument<string>("DEVICE") { Description = "Device id" };
        var utterance = new Argument<string>("UTTERANCE") { Description = "Utterance id" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line, with alternatives and words (docs/cli.md)" };
        var command = new Command("versions", About) { device, utterance, json };
        command.AsksFleet(time, async (parsed, client, writers, cancellationToken) =>
        {
            var request = new ListTranscriptVersionsRequest { DeviceId = parsed.GetRequiredValue(device), UtteranceId = parsed.GetRequiredValue(utterance) };
            var versions = (await client.CallAsync(
                (api, headers, deadline, token) => api.ListTranscriptVersionsAsync(request, headers, deadline, token), cancellationToken)).Versions;
            if (parsed.GetValue(json))
            {
                foreach (var version in versions)
                {
                    JsonLines.Write(writers.Output, VersionLine.From(version));
                }
            }
            else
            {
                Show(versions, writers);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(RepeatedField<TranscriptVersion> versions, Writers writers)
    {
        if (versions.Count == 0)
        {
            writers.Say("There is no transcript of it.");
            return;
        }

        var colours = writers.Console.Profile.Capabilities.Ansi;
        var table = Writers.NewTable("SHOWN", "DEPLOYMENT", "ENGINE", "MODEL", "CONFIDENCE", "MADE", "TRANSCRIPT");
        foreach (var version in versions)
        {
            table.AddRow(
                new Text(version.Current ? "yes" : ""),
                new Text(PlainText.Of(version.Deployment)),
                new Text(PlainText.Of(version.Engine)),
                new Text(PlainText.Of(version.Model)),
                new Text(version.HasConfidence ? version.Confidence.ToString("0.00", CultureInfo.InvariantCulture) : ""),
                new Text(writers.Moment(version.CreatedAtUnixMs)),
                version.Current ? new Text(version.Status == UtteranceStatus.Empty ? "(no words)" : PlainText.Of(version.Text)) : DiffText.Of(version.Changes, colours));
        }

        writers.Console.Write(table);
    }
}
