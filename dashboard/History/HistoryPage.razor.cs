using System.Globalization;
using Fleet.Dashboard.Components.Parts;
using Fleet.Storage;
using Microsoft.AspNetCore.Components;

namespace Fleet.Dashboard.History;

/// <summary>Search and browse what was said. All of the page's state is in its URL.</summary>
public sealed partial class HistoryPage
{
    private HistoryFilter _filter = new();
    private Storage.HistoryPage? _page;
    private IReadOnlyList<string> _devices = [];

    [Inject]
    internal TranscriptHistory History { get; set; } = null!; // Set by the renderer.

    [Inject]
    internal DeviceStore Devices { get; set; } = null!; // Set by the renderer.

    private string PageText
    {
        get
        {
            var count = _page?.Items.Count ?? 0;
            return _filter.Page is null && _page?.NextPageToken is null
                ? Format.Of(count, "utterance", "utterances")
                : $"{Format.Count(count)} on this page";
        }
    }

    // For paper, where there is no form.
    private string FilterText => string.Join(" · ", new[]
    {
        _filter.Text.Length > 0 ? $"“{_filter.Text}”" : null,
        _filter.DeviceIds.Count > 0 ? string.Join(", ", _filter.DeviceIds) : "All devices",
        string.Join(", ", _filter.Statuses.Select(status => StatusView.Of(status).Label)),
        _filter.From is { } from ? $"from {FormatTime(from)}" : null,
        _filter.To is { } to ? $"to {FormatTime(to)}" : null,
    }.Where(part => !string.IsNullOrEmpty(part)));

    private static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    protected override async Task LoadAsync()
    {
        _filter = HistoryFilter.Parse(HttpContext.Request.Query);
        try
        {
            var search = History.SearchAsync(_filter.ToQuery(), Aborted);
            var devices = Devices.ListAsync(Aborted);
            await Task.WhenAll(search, devices);
            _page = await search;
            _devices = [.. (await devices).Select(device => device.DeviceId)];
        }
        catch (InvalidPageTokenException)
        {
            // An old bookmark, or a token that was typed: the first page of the same search is the honest answer.
            HttpContext.Response.Redirect(_filter.FirstPageOfThis().Url());
        }
    }

    // Null leaves the attribute out.
    private static string? HowRecognised(UtteranceRecord utterance) =>
        string.Join(" · ", new[] { utterance.Engine, utterance.Model, utterance.Deployment, Format.Percent(utterance.Confidence) }.Where(part => !string.IsNullOrEmpty(part)))
            is { Length: > 0 } text ? text : null;
}
