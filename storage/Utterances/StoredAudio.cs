namespace Fleet.Storage;

/// <summary>The audio of an utterance: signed 16-bit samples, little endian, mono.</summary>
public sealed record StoredAudio(int SampleRateHz, ReadOnlyMemory<byte> Pcm);
