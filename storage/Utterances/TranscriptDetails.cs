namespace Fleet.Storage;

/// <summary>How a transcript came to be, and what else the engine heard.</summary>
public sealed record TranscriptDetails
{
    /// <summary>At most so many alternatives are kept.</summary>
    public const int MaxAlternatives = 10;

    /// <summary>At most so many words are kept.</summary>
    public const int MaxWords = 8_192;

    /// <summary>Nothing is known.</summary>
    public static TranscriptDetails None { get; } = new();

    /// <summary>Which endpoint answered, such as its host.</summary>
    public string? Endpoint { get; init; }

    /// <summary>How long it waited for the call.</summary>
    public TimeSpan? Queued { get; init; }

    /// <summary>How long the call took.</summary>
    public TimeSpan? Scored { get; init; }

    /// <summary>Best first, the transcript itself included; empty when the engine gives none.</summary>
    public IReadOnlyList<TranscriptAlternative> Alternatives { get; init; } = [];

    /// <summary>The words of the transcript; empty when the engine gives none.</summary>
    public IReadOnlyList<TranscriptWord> Words { get; init; } = [];
}
