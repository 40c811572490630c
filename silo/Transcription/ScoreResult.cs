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

    /// <summary>The endpoint took the request, and had no time for this utterance of it.</summary>
    public bool IsLate { get; init; }

    /// <summary>The endpoint takes requests and answers them.</summary>
    public bool ShowsWorkingEndpoint => Outcome == ScoreOutcome.Recognised || (Outcome == ScoreOutcome.Refused && IsAboutUtterance);

    /// <summary>When the endpoint wants to be asked again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public string Engine { get; init; } = "";

    public string Model { get; init; } = "";

    /// <summary>What the endpoint says, or else the deployment's name in the options.</summary>
    public string Deployment { get; init; } = "";

    /// <summary>Host and path of the endpoint, without credentials.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The x-ms-client-request-id of the call, which finds it in the endpoint's log.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>From when the silo had it until the call that answered began.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>How long that call took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>Calls that it was in, with that one.</summary>
    public int Calls { get; init; }

    /// <summary>Utterances in that call.</summary>
    public int BatchUtterances { get; init; }

    /// <summary>Other texts that the engine thought of, best first; empty when it names none.</summary>
    public IReadOnlyList<ScoreAlternative> Alternatives { get; init; } = [];

    /// <summary>The words with their times; empty when the engine gives none.</summary>
    public IReadOnlyList<ScoreWord> Words { get; init; } = [];

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
