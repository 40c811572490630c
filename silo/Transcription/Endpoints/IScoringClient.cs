namespace Fleet.Silo.Transcription;

/// <summary>One deployment of a speech-to-text endpoint.</summary>
internal interface IScoringClient
{
    /// <summary>Sends utterances in one call, once. Faults are results; throws only for the caller's cancellation.</summary>
    /// <param name="inputs">At least one; with the tutorial's body exactly one.</param>
    /// <param name="requestId">At most 40 characters; finds the call in the endpoint's log.</param>
    /// <param name="cancellationToken">The caller's.</param>
    Task<CallResult> ScoreAsync(IReadOnlyList<ScoreInput> inputs, string requestId, CancellationToken cancellationToken);
}
