namespace Fleet.DeviceAgent.Endpointing;

/// <summary>What started an utterance.</summary>
/// <param name="Keyword">As it was spoken.</param>
/// <param name="Score">0 to 1.</param>
/// <param name="ModelId">Which model heard it.</param>
internal sealed record Wake(string Keyword, float Score, string ModelId);
