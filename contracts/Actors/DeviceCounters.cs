namespace Fleet.Contracts.Actors;

/// <summary>What a device did since its actor was activated.</summary>
/// <param name="Sessions">Sessions opened.</param>
/// <param name="Stored">Utterances committed.</param>
/// <param name="Duplicates">Utterances that came again.</param>
/// <param name="Rejected">Utterances refused.</param>
/// <param name="TranscriptsDelivered">Transcripts sent down an open session.</param>
public sealed record DeviceCounters(long Sessions, long Stored, long Duplicates, long Rejected, long TranscriptsDelivered);
