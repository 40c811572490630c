namespace Fleet.Chaos.Ledgers;

/// <summary>What had been heard of an utterance at some moment.</summary>
/// <param name="Bytes">PCM so far.</param>
/// <param name="Sha256">Of all PCM so far, lower-case hexadecimal.</param>
internal readonly record struct LedgerPart(long Bytes, string Sha256);
