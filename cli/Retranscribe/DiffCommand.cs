using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Api;
using Fleet.Cli.Output;
using Fleet.V1;
using Spectre.Console;

namespace Fleet.Cli.Retranscribe;

/// <summary>`fleet-cli retranscribe diff`: the words in which a run differs from what history showed.</summary>
internal static class DiffCommand
{
    private const uint PageUtterances = 100;

    public static Command Create(TimeProvider time)
    {
        var run = RunFinder.NewArgument();
        var same = new Option<bool>("--same") { Description = "Also the utterances in which no word differs, and those that gave nothing" };
        var limit = new Option<int>("--limit") { Description = "At most so many utterances; 0 = all", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "One JSON object a line (docs/cli.md)" };
        var command = new Command(
            "diff",
            """
            The words in which a run differs from what history showed: red what went, green what came;
            without colours [-so-] and {+so+}. Case and punctuation do not count.
            """)
        {
            run, same, limit, json,
        };
        command.AsksFleet(time, async (parsed, client, writers, cancellationToken) =>
        {
            var runId = await RunFinder.FindAsync(parsed.GetRequiredValue(run), client, cancellationToken);
            var request = new GetRetranscriptionRequest { RunId = runId, OnlyDiffering = !parsed.GetValue(same) };
            var left = parsed.GetValue(limit) is var given and > 0 ? given : int.MaxValue;
            Retranscription? last = null;
            do
            {
                request.PageSize = (uint)Math.Min(PageUtterances, left);
                var asked = client.CallAsync((api, headers, deadline, token) => api.GetRetranscriptionAsync(request, headers, deadline, token), cancellationToken);
                var page = await writers.Slow.WhileAsync(asked, () => "Waiting for the differences");
                foreach (var utterance in page.Utterances)
                {
                    if (parsed.GetValue(json))
                    {
                        JsonLines.Write(writers.Output, DifferenceLine.From(runId, utterance));
                    }
                    else
                    {
                        Show(utterance, writers);
                    }
                }

                last = page.Run;
                left -= page.Utterances.Count;
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0 && left > 0);

            if (!parsed.GetValue(json))
            {
                writers.Say(string.Create(CultureInfo.InvariantCulture, $"{last.Differing} of {last.Total} utterances differ."));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(RetranscribedUtterance utterance, Writers writers)
    {
        writers.Console.Write(new Text($"{writers.Moment(utterance.StartedAtUnixMs)}  {PlainText.Of(utterance.DeviceId)}  {PlainText.Of(utterance.UtteranceId)}", Color.Grey));
        writers.Console.WriteLine();
        writers.Console.Write(new Text("  "));
        writers.Console.Write(utterance switch
        {
            { Changes.Count: > 0 } => DiffText.Of(utterance.Changes, writers.Console.Profile.Capabilities.Ansi),
            { HasNewText: true, HasOldText: false } => new Text($"(new) {PlainText.Of(utterance.NewText)}", Color.Green),
            { HasNewText: true } => new Text("(no words, as before)", Color.Grey),
            _ => new Text(PlainText.Of($"({JsonLines.Name(utterance.State)}{(utterance.Reason.Length > 0 ? $": {utterance.Reason}" : "")})"), Color.Grey),
        });
        writers.Console.WriteLine();
    }
}
