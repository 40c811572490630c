namespace Fleet.Benchmarks.Batching;

/// <summary>An utterance of the load.</summary>
/// <param name="Id">Of the utterance.</param>
/// <param name="Device">Who said it.</param>
/// <param name="Pcm">16 kHz, 16 bits.</param>
/// <param name="EndsAt">When its speech ends, from the start of the load.</param>
internal sealed record Spoken(Guid Id, string Device, ReadOnlyMemory<byte> Pcm, TimeSpan EndsAt);
