using Fleet.V1;

namespace Fleet.Storage;

/// <summary>Which utterances a run takes; as in <see cref="HistoryQuery"/>. Those that wait for a first transcript, or are lost, are none of them.</summary>
public sealed record RetranscriptionFilter
{
    /// <summary>Any of these; empty = all.</summary>
    public IReadOnlyList<string> DeviceIds { get; init; } = [];

    /// <summary>started_at is this or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>started_at is before this.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Words as in a search box.</summary>
    public string? Text { get; init; }

    /// <summary>Any of Transcribed, Empty and Failed; empty = all three.</summary>
    public IReadOnlyList<UtteranceStatus> Statuses { get; init; } = [];
}
