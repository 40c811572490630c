using System.CommandLine;
using System.Globalization;
using Fleet.Cli.Api;
using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.History;

/// <summary>`fleet-cli history`: what was said, found by words and filters, exported, with its sound.</summary>
internal sealed class HistoryCommand
{
    private const int PageRows = 200;

    // Rows of a table are measured together before the first is shown.
    private const int TableRows = 500;

    private const string About =
        """
        What was said: newest first, found by words as in a search box ("quoted phrase", or, -not).

        Example: what did the kitchen hear about coffee in the last week?
          fleet-cli history coffee --device kitchen --since 7d

        Example: everything of a day, as JSON, with the recordings
          fleet-cli history --since 2026-11-30 --until 2026-12-01 --limit 0 --json --audio day/
        """;

    private readonly Argument<string[]> _words = new("WORDS")
    {
        Description = "Words to find; put -- before a word that begins with a dash",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly HistoryFilterOptions _filter;

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "At most so many utterances; 0 = all",
        HelpName = "N",
        DefaultValueFactory = _ => 50,
    };

    private readonly Option<bool> _oldestFirst = new("--oldest-first") { Description = "Oldest first" };

    private readonly Option<bool> _json = new("--json") { Description = "One JSON object a line (docs/cli.md)" };

    private readonly Option<bool> _tsv = new("--tsv") { Description = "Tab-separated values with a line of names; the same columns whatever comes" };

    private readonly Option<string?> _audio = new("--audio")
    {
        Description = "Also put the recordings into this folder, a WAV file each; files that are there stay",
        HelpName = "FOLDER",
    };

    private HistoryCommand(TimeProvider time)
    {
        _filter = new HistoryFilterOptions(
            time, UtteranceStatus.Stored, UtteranceStatus.Transcribed, UtteranceStatus.Empty, UtteranceStatus.Failed, UtteranceStatus.Lost);
        _limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0)
            {
                result.AddError("--limit must be 0 (all) or more.");
            }
        });
    }

    public static Command Create(TimeProvider time)
    {
        HistoryCommand sut = new(time);
        var command = new Command("history", About) { sut._words };
        sut._filter.AddTo(command);
        command.Options.Add(sut._limit);
        command.Options.Add(sut._oldestFirst);
        command.Options.Add(sut._json);
        command.Options.Add(sut._tsv);
        command.Options.Add(sut._audio);
        command.Validators.Add(result =>
        {
            if (result.GetValue(sut._json) && result.GetValue(sut._tsv))
            {
                result.AddError("--json and --tsv exclude each other.");
            }
        });
        command.AsksFleet(time, sut.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, FleetClient client, Writers writers, CancellationToken cancellationToken)
    {
        var limit = parsed.GetValue(_limit) is var given and > 0 ? given : int.MaxValue;
        var audio = parsed.GetValue(_audio) is { } folder ? new AudioFolder(folder, client) : null;
        var request = new SearchTranscriptsRequest
        {
            Query = string.Join(' ', parsed.GetValue(_words) ?? []),
            DeviceIds = { _filter.Devices(parsed) },
            FromUnixMs = _filter.FromUnixMs(parsed),
            ToUnixMs = _filter.ToUnixMs(parsed),
            Statuses = { _filter.Statuses(parsed) },
            OldestFirst = parsed.GetValue(_oldestFirst),
        };
        var table = parsed.GetValue(_json) || parsed.GetValue(_tsv) ? null : new List<TranscriptRecord>();
        if (parsed.GetValue(_tsv))
        {
            await writers.Output.WriteLineAsync(TranscriptTsv.Header);
        }

        var count = 0;
        var saved = 0;
        do
        {
            request.PageSize = (uint)Math.Min(PageRows, limit - count);
            var asked = client.CallAsync((api, headers, deadline, token) => api.SearchTranscriptsAsync(request, headers, deadline, token), cancellationToken);
            var page = await writers.Slow.WhileAsync(asked, () => $"{count} utterances so far");
            foreach (var row in page.Transcripts)
            {
                count++;
                var file = audio is null ? null : await writers.Slow.WhileAsync(audio.SaveAsync(row, cancellationToken), () => $"{saved} recordings so far");
                saved += file is null ? 0 : 1;
                Write(row, parsed, writers, table);
            }

            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0 && count < limit);

        if (table is not null)
        {
            Flush(table, writers);
            Tell(count, request.PageToken.Length > 0, writers);
        }

        if (audio is not null)
        {
            await writers.Errors.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{saved} of {count} utterances have a recording in {parsed.GetValue(_audio)}."));
        }

        return ExitCodes.Done;
    }

    private void Write(TranscriptRecord row, ParseResult parsed, Writers writers, List<TranscriptRecord>? table)
    {
        if (table is not null)
        {
            table.Add(row);
            if (table.Count == TableRows)
            {
                Flush(table, writers);
            }
        }
        else if (parsed.GetValue(_json))
        {
            JsonLines.Write(writers.Output, TranscriptLine.From(row));
        }
        else
        {
            writers.Output.WriteLine(TranscriptTsv.Line(TranscriptLine.From(row)));
        }
    }

    private static void Flush(List<TranscriptRecord> table, Writers writers)
    {
        if (table.Count > 0)
        {
            TranscriptTable.Show(table, writers);
            table.Clear();
        }
    }

    private static void Tell(int count, bool isMore, Writers writers) => writers.Say(
        count == 0
            ? "Nothing was found: fewer words or a longer time may find more."
            : isMore
                ? string.Create(CultureInfo.InvariantCulture, $"{count} utterances, and there are more: --limit 0 shows all.")
                : string.Create(CultureInfo.InvariantCulture, $"{count} utterances."));
}
