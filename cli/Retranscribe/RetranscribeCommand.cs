using System.CommandLine;
using Fleet.Cli.Api;
using Fleet.Cli.History;
using Fleet.Cli.Output;
using Fleet.V1;

namespace Fleet.Cli.Retranscribe;

/// <summary>`fleet-cli retranscribe`: history through another deployment, compared, promoted or discarded.</summary>
internal sealed class RetranscribeCommand
{
    private const string About =
        """
        Runs history through another deployment, in the background and behind all live speech. What history
        shows stays as it is until the run is promoted; then the old texts stay as versions.

        Example: is green better than what we have? Then use it
          fleet-cli retranscribe --since 7d --deployment green --wait
          fleet-cli retranscribe diff latest
          fleet-cli retranscribe promote latest

        Example: the failed ones of one device, once more
          fleet-cli retranscribe --device kitchen --status failed --since 30d --deployment green
        """;

    private readonly HistoryFilterOptions _filter;

    private readonly Option<string?> _deployment = new("--deployment") { Description = "Deployment that shall recognise, as the silo names it; required", HelpName = "NAME" };

    private readonly Option<string> _words = new("--words")
    {
        Description = "Only utterances whose text has these words, as in fleet-cli history",
        HelpName = "WORDS",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<bool> _wait = new("--wait") { Description = "Wait until everything is recognised" };

    private readonly Option<bool> _json = new("--json") { Description = "The run as one JSON object (docs/cli.md)" };

    private RetranscribeCommand(TimeProvider time)
    {
        _filter = new HistoryFilterOptions(time, UtteranceStatus.Transcribed, UtteranceStatus.Empty, UtteranceStatus.Failed);
    }

    public static Command Create(TimeProvider time)
    {
        RetranscribeCommand sut = new(time);
        var command = new Command("retranscribe", About)
        {
            CreateList(time),
            CreateShow(time),
            DiffCommand.Create(time),
            DecisionCommand.Create(
                "promote",
                "History shows the texts of a run from now on; the old ones stay as versions (fleet-cli versions).",
                (api, decision, headers, deadline, token) => api.PromoteRetranscriptionAsync(decision, headers, deadline, token),
                time),
            DecisionCommand.Create(
                "discard",
                "The texts of a run go; history stays as it is.",
                (api, decision, headers, deadline, token) => api.DiscardRetranscriptionAsync(decision, headers, deadline, token),
                time),
            DecisionCommand.Create(
                "cancel",
                "Stops a run; what it has recognised may be promoted or discarded.",
                (api, decision, headers, deadline, token) => api.CancelRetranscriptionAsync(decision, headers, deadline, token),
                time),
        };
        sut._filter.AddTo(command);
        command.Options.Add(sut._words);
        command.Options.Add(sut._deployment);
        command.Options.Add(sut._wait);
        command.Options.Add(sut._json);
        command.AsksFleet(time, sut.StartAsync);
        return command;
    }

    private async Task<int> StartAsync(ParseResult parsed, FleetClient client, Writers writers, CancellationToken cancellationToken)
    {
        // Not "required" for the parser: the commands below do without.
        if (parsed.GetValue(_deployment) is not { Length: > 0 } deployment)
        {
            throw new CliException("Which deployment? Give --deployment NAME. (The runs there are: fleet-cli retranscribe list.)");
        }

        if (!_filter.HasSince(parsed))
        {
            throw new CliException("Since when? Give --since 7d, a date, or --since 1970-01-01 for everything that is kept.");
        }

        var request = new StartRetranscriptionRequest
        {
            Deployment = deployment,
            DeviceIds = { _filter.Devices(parsed) },
            FromUnixMs = _filter.FromUnixMs(parsed),
            ToUnixMs = _filter.ToUnixMs(parsed),
            Query = parsed.GetValue(_words) ?? "",
            Statuses = { _filter.Statuses(parsed) },
            RunId = Guid.CreateVersion7(writers.Time.GetUtcNow()).ToString("D"),
            RequestedBy = Person.Name(),
        };
        var asked = client.CallAsync((api, headers, deadline, token) => api.StartRetranscriptionAsync(request, headers, deadline, token), cancellationToken);
        var run = (await writers.Slow.WhileAsync(asked, () => "Looking for the utterances")).Run;
        return await ShowAsync(run, parsed.GetValue(_wait), parsed.GetValue(_json), client, writers, cancellationToken);
    }

    private static Command CreateList(TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object a line (docs/cli.md)" };
        var command = new Command("list", "The newest 50 runs, newest first.") { json };
        command.AsksFleet(time, async (parsed, client, writers, cancellationToken) =>
        {
            var runs = (await client.CallAsync(
                (api, headers, deadline, token) => api.ListRetranscriptionsAsync(new ListRetranscriptionsRequest(), headers, deadline, token), cancellationToken)).Runs;
            if (!parsed.GetValue(json))
            {
                RunTexts.ShowList(runs, writers);
                return ExitCodes.Done;
            }

            foreach (var run in runs)
            {
                JsonLines.Write(writers.Output, RunLine.From(run));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command CreateShow(TimeProvider time)
    {
        var run = RunFinder.NewArgument();
        var wait = new Option<bool>("--wait") { Description = "Wait until it is not in work any more" };
        var json = new Option<bool>("--json") { Description = "The run as one JSON object (docs/cli.md)" };
        var command = new Command("show", "How far a run is, and what to do next.") { run, wait, json };
        command.AsksFleet(time, async (parsed, client, writers, cancellationToken) =>
        {
            var runId = await RunFinder.FindAsync(parsed.GetRequiredValue(run), client, cancellationToken);
            var found = await RunFinder.GetAsync(runId, client, cancellationToken);
            return await ShowAsync(found, parsed.GetValue(wait), parsed.GetValue(json), client, writers, cancellationToken);
        });
        return command;
    }

    private static async Task<int> ShowAsync(
        Retranscription run, bool wait, bool json, FleetClient client, Writers writers, CancellationToken cancellationToken)
    {
        var shown = wait ? await RunWaiter.WaitAsync(run, client, writers, cancellationToken) : run;
        if (json)
        {
            JsonLines.Write(writers.Output, RunLine.From(shown));
        }
        else
        {
            RunTexts.ShowOne(shown, writers);
        }

        return ExitCodes.Done;
    }
}
