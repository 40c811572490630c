namespace Fleet.Silo.Transcription;

/// <summary>What one call came to: a result for each of its utterances, or one fault for all.</summary>
internal sealed record CallResult
{
    /// <summary>One for each input, in their order; empty with a fault.</summary>
    public IReadOnlyList<ScoreResult> Items { get; init; } = [];

    public CallFault Fault { get; init; }

    /// <summary>With a fault: what it says of an utterance that is alone in the call.</summary>
    public ScoreResult Whole { get; init; } = ScoreResult.Failed("");

    /// <summary>HTTP status; 0 = there was none.</summary>
    public int Status { get; init; }

    /// <summary>Bytes of the body before it was compressed: what an endpoint's own limit is for.</summary>
    public long RequestBytes { get; init; }

    /// <summary>Bytes of the body as it was sent, of both where it was sent once more without compression.</summary>
    public long SentBytes { get; init; }

    /// <summary>Milliseconds by which the endpoint says that it delayed the call for its bandwidth.</summary>
    public int BandwidthDelayMs { get; init; }

    public bool IsAnswer => Fault == CallFault.None;

    /// <summary>The endpoint takes requests and answers them.</summary>
    public bool ShowsWorkingEndpoint => IsAnswer && Items.Any(static item => item.ShowsWorkingEndpoint);

    public static CallResult Of(CallFault fault, string reason, TimeSpan? retryAfter = null, string? cause = null) => new()
    {
        Fault = fault,
        Whole = fault switch
        {
            CallFault.Refused or CallFault.TooLarge => ScoreResult.Refused(reason, cause),
            CallFault.Failed or CallFault.TimedOut or CallFault.Unavailable => ScoreResult.Failed(reason, retryAfter, cause),
            _ => ScoreResult.Away(reason, retryAfter, cause),
        },
    };
}
