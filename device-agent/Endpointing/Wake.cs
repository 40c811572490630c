namespace Fleet.DeviceAgent.Endpointing;

/// <summary>What started an utterance.</summary>
/// <param name="Keyword">As it was spoken.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="ModelId">Which model heard it.</param>
/// <param name="SpeechFrom">The sample from which on speech is transcribed; what is kept of before it is the end of the keyword.</param>
internal sealed record Wake(string Keyword, float Score, string ModelId, long SpeechFrom);
