using Fleet.V1;

namespace Fleet.Storage;

/// <summary>Which utterances to show. Everything is optional; conditions are joined by "and".</summary>
public sealed record HistoryQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxPageSize = 500;

    /// <summary>Longer texts are cut here, in UTF-16 units: PostgreSQL refuses words of more than 2,046 bytes.</summary>
    public const int MaxTextLength = 600;

    /// <summary>
    /// Words as one types them into a search box: <c>"quoted phrase"</c>, <c>or</c>, <c>-not</c>. English stemming, no stop words ("turn it
    /// on" is found). Text in which there is no word at all, such as <c>:*</c>, finds nothing; null, empty or blank finds everything.
    /// </summary>
    public string? Text { get; init; }

    /// <summary>Any of these; empty = all.</summary>
    public IReadOnlyList<string> DeviceIds { get; init; } = [];

    /// <summary>
    /// started_at is this or later. The time in the utterance's id, by which partitions are chosen, may differ from started_at by up to
    /// <see cref="UtteranceIdTime.Tolerance"/>; what differs by more is found only without a limit on that side.
    /// </summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>started_at is before this; see <see cref="From"/>.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Any of these; empty = all.</summary>
    public IReadOnlyList<UtteranceStatus> Statuses { get; init; } = [];

    /// <summary>1 to <see cref="MaxPageSize"/>.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary><see cref="HistoryPage.NextPageToken"/> of the page before, of the same query; null or empty = first page.</summary>
    public string? PageToken { get; init; }

    /// <summary>False: newest first.</summary>
    public bool OldestFirst { get; init; }
}
