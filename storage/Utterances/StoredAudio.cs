namespace Fleet.Storage;

/// <summary>The audio of an utterance: signed 16-bit samples, little endian, mono.</summary>
public sealed record StoredAudio(int SampleRateHz, ReadOnlyMemory<byte> Pcm)
{
    /// <summary>What is before this is not transcribed: the end of the keyword.</summary>
    public TimeSpan TranscribeFrom { get; init; }
}
