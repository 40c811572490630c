namespace Fleet.Silo.Transcription;

/// <summary>The speech-to-text endpoint.</summary>
internal interface IScoringClient
{
    /// <summary>Sends one utterance. Faults are results; throws only for the caller's cancellation.</summary>
    Task<ScoreResult> ScoreAsync(Guid utteranceId, ReadOnlyMemory<byte> pcm, CancellationToken cancellationToken);
}
