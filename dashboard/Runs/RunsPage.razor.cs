using System.Globalization;
using Fleet.Dashboard.Components.Parts;
using Fleet.Dashboard.Devices;
using Fleet.Storage;
using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.Runs;

/// <summary>Runs of history through another deployment, and what becomes of them.</summary>
public sealed partial class RunsPage
{
    private const int MaxRuns = 20;

    private IReadOnlyList<RetranscriptionRun> _runs = [];
    private string? _problem;

    [SupplyParameterFromForm(FormName = "run")]
    public string? Promote { get; set; }

    [SupplyParameterFromForm(FormName = "run")]
    public string? Discard { get; set; }

    [SupplyParameterFromForm(FormName = "run")]
    public string? Cancel { get; set; }

    [Inject]
    internal RetranscriptionStore Runs { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal SiloCommands Silo { get; set; } = null!; // Set by the renderer.

    protected override async Task LoadAsync()
    {
        _runs = await Runs.ListAsync(MaxRuns, Aborted);
    }

    private async Task DecideAsync()
    {
        if (!Guid.TryParseExact(Promote ?? Discard ?? Cancel, "D", out var run))
        {
            return;
        }

        _problem = Promote is not null ? await Silo.PromoteAsync(run, Aborted)
            : Discard is not null ? await Silo.DiscardAsync(run, Aborted)
            : await Silo.CancelAsync(run, Aborted);
        if (_problem is null)
        {
            // A reload of what follows must not ask to send the form again.
            HttpContext.Response.Redirect("/history/runs");
        }
        else
        {
            await LoadAsync();
        }
    }

    private static string State(RetranscriptionRun run) => run.State switch
    {
        RetranscriptionState.Running => $"{Format.Count(run.Total - run.Waiting)} of {Format.Count(run.Total)} done",
        RetranscriptionState.Finished => "finished: promote or discard it",
        RetranscriptionState.Cancelled => "stopped: promote or discard it",
        RetranscriptionState.Promoting => "becomes what history shows",
        RetranscriptionState.Promoted => "promoted",
        RetranscriptionState.Discarding => "is being discarded",
        RetranscriptionState.Discarded => "discarded",
        _ => "",
    };

    private static string Differences(RetranscriptionRun run) => run.OldWords == 0
        ? Format.Count(run.Differing)
        : string.Create(
            CultureInfo.InvariantCulture, $"{Format.Count(run.Differing)}; {Format.Count(run.WordEdits)} of {Format.Count(run.OldWords)} words ({100.0 * run.WordEdits / run.OldWords:0.0} %)");

    private static string Asked(RetranscriptionRun run)
    {
        string?[] parts =
        [
            run.Filter.DeviceIds.Count > 0 ? Format.Shorten(string.Join(", ", run.Filter.DeviceIds), 120) : "all devices",
            Moment("from", run.Filter.From),
            Moment("until", run.Filter.To),
            run.Filter.Text is { Length: > 0 } words ? $"“{Format.Shorten(words, 60)}”" : null,
            run.Filter.Statuses.Count > 0 ? string.Join(", ", run.Filter.Statuses).ToLowerInvariant() : null,
        ];
        return string.Join(" · ", parts.OfType<string>());
    }

    private static string? Moment(string word, DateTimeOffset? time) =>
        time is { } value ? $"{word} {value.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}" : null;
}
