namespace Fleet.Silo.Transcription;

/// <summary>Makes the client of a deployment; a seam, so that the transcriber can be tested without HTTP.</summary>
internal interface IScoringClientFactory
{
    IScoringClient Create(ScoringTarget target);
}
