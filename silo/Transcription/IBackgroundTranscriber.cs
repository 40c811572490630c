using Fleet.Silo.Ingest;

namespace Fleet.Silo.Transcription;

/// <summary>Recognises what is not live: it takes turns only where live speech leaves room.</summary>
internal interface IBackgroundTranscriber
{
    /// <summary>
    /// Recognises one recording by one deployment, outside of the row's owner and attempt; the caller disposes the audio. Endpoints that are away
    /// are waited for until the token ends; the outcome is Recognised or Refused.
    /// </summary>
    /// <param name="utteranceId">By which the request is found in the endpoint's log.</param>
    /// <param name="audio">PCM of 16 kHz.</param>
    /// <param name="deployment">Name of a configured deployment; empty: whichever live speech would use.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="transcribeFrom">What is before this is not recognised.</param>
    Task<ScoreResult> TranscribeAsync(Guid utteranceId, PooledAudio audio, string deployment, CancellationToken cancellationToken, TimeSpan transcribeFrom = default);

    /// <summary>Names of the deployments that are configured, for messages about a wrong one.</summary>
    IReadOnlyList<string> Deployments { get; }
}
