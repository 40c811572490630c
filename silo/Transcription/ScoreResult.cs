namespace Fleet.Silo.Transcription;

/// <summary>The answer of the endpoint to one utterance.</summary>
internal sealed record ScoreResult(ScoreOutcome Outcome)
{
    public string Text { get; init; } = "";

    public float? Confidence { get; init; }

    /// <summary>Why there is no text; for the row, whose readers may read transcripts. May repeat what the endpoint said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same for logs and health checks: none of the endpoint's words, since an endpoint may repeat what was spoken.</summary>
    public string Cause { get; init; } = "";

    /// <summary>With Refused: the endpoint took the request and refused this utterance in it. Else it may refuse every request.</summary>
    public bool IsAboutUtterance { get; init; }

    /// <summary>The endpoint takes requests and answers them.</summary>
    public bool ShowsWorkingEndpoint => Outcome == ScoreOutcome.Recognised || (Outcome == ScoreOutcome.Refused && IsAboutUtterance);

    /// <summary>When the endpoint wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string Engine { get; init; } = "";

    public string Model { get; init; } = "";

    public string Deployment { get; init; } = "";

    /// <param name="reason">For the row.</param>
    /// <param name="cause">For logs, where the reason repeats the endpoint's words.</param>
    public static ScoreResult Refused(string reason, string? cause = null) => new(ScoreOutcome.Refused) { Reason = reason, Cause = cause ?? reason };

    /// <inheritdoc cref="Refused"/>
    public static ScoreResult Failed(string reason, TimeSpan? retryAfter = null, string? cause = null) =>
        new(ScoreOutcome.Failed) { Reason = reason, Cause = cause ?? reason, RetryAfter = retryAfter };

    /// <inheritdoc cref="Refused"/>
    public static ScoreResult Away(string reason, TimeSpan? retryAfter = null, string? cause = null) =>
        new(ScoreOutcome.Away) { Reason = reason, Cause = cause ?? reason, RetryAfter = retryAfter };
}
