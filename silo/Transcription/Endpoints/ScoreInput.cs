namespace Fleet.Silo.Transcription;

/// <summary>One utterance of a call.</summary>
/// <param name="UtteranceId">Under which it is answered.</param>
/// <param name="Pcm">16-bit little-endian mono, 16 kHz.</param>
internal readonly record struct ScoreInput(Guid UtteranceId, ReadOnlyMemory<byte> Pcm);
