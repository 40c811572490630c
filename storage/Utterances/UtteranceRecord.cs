using Fleet.V1;

namespace Fleet.Storage;

/// <summary>One utterance as history and the change feed show it: everything but the audio.</summary>
public sealed record UtteranceRecord
{
    public required string DeviceId { get; init; }

    public required Guid UtteranceId { get; init; }

    public required long SequenceNumber { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required TimeSpan Duration { get; init; }

    public required UtteranceStatus Status { get; init; }

    /// <summary>Empty until there is one.</summary>
    public required string Text { get; init; }

    public float? Confidence { get; init; }

    /// <summary>With Failed and Lost: why.</summary>
    public string? Reason { get; init; }

    public required Trigger Trigger { get; init; }

    public string? Keyword { get; init; }

    public float? KeywordScore { get; init; }

    public string? KeywordModelId { get; init; }

    public string? Source { get; init; }

    public required UtteranceEnd.Types.Reason EndReason { get; init; }

    public string? Engine { get; init; }

    public string? Model { get; init; }

    public string? Deployment { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Which endpoint answered.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How long it waited for the call of the endpoint.</summary>
    public TimeSpan? Queued { get; init; }

    /// <summary>How long that call took.</summary>
    public TimeSpan? Scored { get; init; }

    /// <summary>Which version it shows, when there are several; see <see cref="TranscriptVersions"/>.</summary>
    public int? Version { get; init; }

    /// <summary>When the transcript, or the reason why there is none, was written.</summary>
    public DateTimeOffset? TranscribedAt { get; init; }

    public required bool HasAudio { get; init; }

    /// <summary>Which clock said <see cref="StartedAt"/>.</summary>
    public Clock Clock { get; init; }

    /// <summary>The primary key.</summary>
    public UtteranceKey Key => new(DeviceId, UtteranceId);
}
