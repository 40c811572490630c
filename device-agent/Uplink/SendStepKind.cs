namespace Fleet.DeviceAgent.Uplink;

/// <summary>The messages that carry an utterance.</summary>
internal enum SendStepKind
{
    Start,
    Chunk,
    End,
}
