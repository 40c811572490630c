using System.Globalization;
using Fleet.Cli.Output;
using Fleet.V1;
using Spectre.Console;

namespace Fleet.Cli.Retranscribe;

/// <summary>Runs for people.</summary>
internal static class RunTexts
{
    public static void ShowList(IReadOnlyCollection<Retranscription> runs, Writers writers)
    {
        if (runs.Count == 0)
        {
            writers.Say("There is no run yet: fleet-cli retranscribe --since 7d --deployment NAME starts one.");
            return;
        }

        var table = Writers.NewTable("RUN", "STATE", "DEPLOYMENT", "STARTED", "BY", "DONE", "DIFFER", "SKIPPED", "FAILED");
        foreach (var run in runs)
        {
            table.AddRow(
                new Text(PlainText.Of(run.RunId)),
                State(run.State),
                new Text(PlainText.Of(run.Deployment)),
                new Text(writers.Moment(run.CreatedAtUnixMs)),
                new Text(PlainText.Of(run.RequestedBy)),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{run.Total - run.Waiting} of {run.Total}")),
                new Text(Number(run.Differing)),
                new Text(Number(run.Skipped)),
                new Text(Number(run.Failed)));
        }

        writers.Console.Write(table);
    }

    public static void ShowOne(Retranscription run, Writers writers)
    {
        var table = new Table().NoBorder().HideHeaders().AddColumns("", "");
        void Fact(string name, string value)
        {
            if (value.Length > 0)
            {
                table.AddRow(new Text(name, Color.Grey), new Text(PlainText.Of(value)));
            }
        }

        Fact("run", run.RunId);
        Fact("state", JsonLines.Name(run.State));
        Fact("deployment", run.Deployment);
        Fact("utterances", Progress(run));
        Fact("differing", Differences(run));
        Fact("devices", string.Join(", ", run.DeviceIds));
        Fact("since", writers.Moment(run.FromUnixMs));
        Fact("until", writers.Moment(run.ToUnixMs));
        Fact("words", run.Query);
        Fact("status", string.Join(", ", run.Statuses.Select(JsonLines.Name)));
        Fact("started", $"{writers.Moment(run.CreatedAtUnixMs)}{(run.RequestedBy.Length > 0 ? $" by {run.RequestedBy}" : "")}");
        Fact("finished", writers.Moment(run.FinishedAtUnixMs));
        Fact("decided", run.DecidedAtUnixMs == 0 ? "" : $"{writers.Moment(run.DecidedAtUnixMs)}{(run.DecidedBy.Length > 0 ? $" by {run.DecidedBy}" : "")}");
        writers.Console.Write(table);
        if (Next(run) is { } next)
        {
            writers.Say(next);
        }
    }

    /// <summary>So far in one line.</summary>
    public static string Progress(Retranscription run)
    {
        string[] parts =
        [
            Part(run.Waiting, "wait"), Part(run.Recognised, "recognised"), Part(run.Promoted, "promoted"), Part(run.Discarded, "discarded"),
            Part(run.Skipped, "skipped"), Part(run.Failed, "failed"),
        ];
        return $"{Number(run.Total)}: {string.Join(", ", parts.Where(part => part.Length > 0))}";
    }

    private static string Differences(Retranscription run) => run.OldWords == 0
        ? Number(run.Differing)
        : string.Create(
            CultureInfo.InvariantCulture, $"{run.Differing}; {run.WordChanges} of {run.OldWords} words ({100.0 * run.WordChanges / run.OldWords:0.0} %)");

    /// <summary>What to do next; null: nothing.</summary>
    public static string? Next(Retranscription run) => run.State switch
    {
        Retranscription.Types.State.Running => $"It goes on in the background: fleet-cli retranscribe show {run.RunId} --wait",
        Retranscription.Types.State.Finished or Retranscription.Types.State.Cancelled when run.Recognised > 0 =>
            $"Look at it: fleet-cli retranscribe diff {run.RunId}\nThen: fleet-cli retranscribe promote (or discard) {run.RunId}",
        Retranscription.Types.State.Finished or Retranscription.Types.State.Cancelled => $"Nothing new came of it: fleet-cli retranscribe discard {run.RunId}",
        _ => null,
    };

    private static Text State(Retranscription.Types.State state) => new(
        JsonLines.Name(state),
        state switch
        {
            Retranscription.Types.State.Running or Retranscription.Types.State.Promoting or Retranscription.Types.State.Discarding => new Style(Color.Yellow),
            Retranscription.Types.State.Finished or Retranscription.Types.State.Promoted => new Style(Color.Green),
            _ => new Style(Color.Grey),
        });

    private static string Part(ulong number, string what) => number == 0 ? "" : $"{Number(number)} {what}";

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
