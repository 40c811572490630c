using Fleet.V1;

namespace Fleet.Storage;

/// <summary>What one deployment made of an utterance.</summary>
public sealed record UtteranceVersion
{
    /// <summary>From 1; null when it is the only one.</summary>
    public int? Version { get; init; }

    /// <summary>History shows this one.</summary>
    public required bool IsCurrent { get; init; }

    /// <summary>The run that made it; null = it was recognised when it was spoken, or tried again.</summary>
    public Guid? RunId { get; init; }

    /// <summary>Transcribed or Empty.</summary>
    public required UtteranceStatus Status { get; init; }

    public required string Text { get; init; }

    public float? Confidence { get; init; }

    public string? Engine { get; init; }

    public string? Model { get; init; }

    public string? Deployment { get; init; }

    public int Attempt { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Endpoint, timings, alternatives and words.</summary>
    public TranscriptDetails Details { get; init; } = TranscriptDetails.None;

    public DateTimeOffset? CreatedAt { get; init; }
}
