namespace Fleet.Silo.Transcription;

/// <summary>The answer of the endpoint to one utterance.</summary>
internal sealed record ScoreResult(ScoreOutcome Outcome)
{
    public string Text { get; init; } = "";

    public float? Confidence { get; init; }

    /// <summary>Why there is no text; for people.</summary>
    public string Reason { get; init; } = "";

    /// <summary>With Refused: the endpoint took the request and refused this utterance in it. Else it may refuse every request.</summary>
    public bool IsAboutUtterance { get; init; }

    /// <summary>The endpoint takes requests and answers them.</summary>
    public bool ShowsWorkingEndpoint => Outcome == ScoreOutcome.Recognised || (Outcome == ScoreOutcome.Refused && IsAboutUtterance);

    /// <summary>When the endpoint wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string Engine { get; init; } = "";

    public string Model { get; init; } = "";

    public string Deployment { get; init; } = "";

    public static ScoreResult Refused(string reason) => new(ScoreOutcome.Refused) { Reason = reason };

    public static ScoreResult Failed(string reason, TimeSpan? retryAfter = null) => new(ScoreOutcome.Failed) { Reason = reason, RetryAfter = retryAfter };

    public static ScoreResult Away(string reason, TimeSpan? retryAfter = null) => new(ScoreOutcome.Away) { Reason = reason, RetryAfter = retryAfter };
}
