namespace Fleet.DeviceAgent.Uplink;

/// <summary>An utterance that is begun in this session and not answered. The queue's lock guards it.</summary>
internal sealed class UtteranceFlight(WaitingUtterance utterance, long reservedBytes)
{
    public WaitingUtterance Utterance => utterance;

    public long ReservedBytes => reservedBytes;

    /// <summary>Bytes that the cloud has or is about to have; those that it had before this session are among them.</summary>
    public long SentBytes { get; set; } = utterance.ResumeFromBytes;

    public bool IsEnded { get; set; }
}
