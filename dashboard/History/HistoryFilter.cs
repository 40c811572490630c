using System.Globalization;
using System.Text;
using Fleet.Dashboard.Components.Parts;
using Fleet.Storage;
using Fleet.V1;

namespace Fleet.Dashboard.History;

/// <summary>What a history page shows, as its URL says it.</summary>
public sealed record HistoryFilter
{
    public const int PageSize = 50;
    private const int MaxDevices = 200;
    private const int MaxTrail = 40;

    // Stands for the first page in the trail: it has no token.
    private const string FirstPage = "-";
    private const char TrailSeparator = '~';

    public string Text { get; init; } = "";

    public IReadOnlyList<string> DeviceIds { get; init; } = [];

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public IReadOnlyList<UtteranceStatus> Statuses { get; init; } = [];

    /// <summary>Token of the page shown; null: the first one.</summary>
    public string? Page { get; init; }

    /// <summary>Pages before this one, first to last: how "newer" finds the page that "older" was clicked on.</summary>
    public IReadOnlyList<string> Trail { get; init; } = [];

    public bool IsEmpty => Text.Length == 0 && DeviceIds.Count == 0 && From is null && To is null && Statuses.Count == 0;

    public static HistoryFilter Parse(IQueryCollection query)
    {
        var text = query["q"].ToString().Trim();
        return new HistoryFilter
        {
            Text = text.Length > HistoryQuery.MaxTextLength ? text[..HistoryQuery.MaxTextLength] : text,
            DeviceIds = [.. query["device"].OfType<string>().Where(id => id.Length is > 0 and <= 64).Distinct().Take(MaxDevices)],
            From = ParseTime(query["from"]),
            To = ParseTime(query["to"]),
            Statuses = [.. query["status"].Select(StatusView.Parse).OfType<UtteranceStatus>().Distinct()],
            Page = query["page"].ToString() is { Length: > 0 } page ? page : null,
            Trail = query["trail"].ToString().Split(TrailSeparator, StringSplitOptions.RemoveEmptyEntries),
        };
    }

    /// <summary>ISO 8601; without a zone it is UTC, which is also what the form says when no script translates it.</summary>
    internal static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;

    public HistoryQuery ToQuery() => new()
    {
        Text = Text,
        DeviceIds = DeviceIds,
        From = From,
        To = To,
        Statuses = Statuses,
        PageSize = PageSize,
        PageToken = Page,
    };

    public HistoryFilter FirstPageOfThis() => this with { Page = null, Trail = [] };

    public HistoryFilter Older(string token) =>
        this with { Page = token, Trail = [.. Trail.Append(Page ?? FirstPage).TakeLast(MaxTrail)] };

    /// <summary>The page that was shown before this one; the newest when that is not known any more.</summary>
    public HistoryFilter Newer()
    {
        if (Trail.Count == 0)
        {
            return FirstPageOfThis();
        }

        var last = Trail[^1];
        return this with { Page = last == FirstPage ? null : last, Trail = [.. Trail.SkipLast(1)] };
    }

    public string Url(string path = "/history")
    {
        var url = new StringBuilder(path);
        var separator = '?';
        void Add(string name, string value)
        {
            url.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        if (Text.Length > 0)
        {
            Add("q", Text);
        }

        foreach (var device in DeviceIds)
        {
            Add("device", device);
        }

        if (From is { } from)
        {
            Add("from", FormatTime(from));
        }

        if (To is { } to)
        {
            Add("to", FormatTime(to));
        }

        foreach (var status in Statuses)
        {
            Add("status", StatusView.Of(status).Key);
        }

        if (Page is not null)
        {
            Add("page", Page);
        }

        if (Trail.Count > 0)
        {
            Add("trail", string.Join(TrailSeparator, Trail));
        }

        return url.ToString();
    }

    private static string FormatTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString(time.Second == 0 ? "yyyy-MM-dd'T'HH:mm'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
