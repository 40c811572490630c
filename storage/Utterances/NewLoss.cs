using Fleet.V1;

namespace Fleet.Storage;

/// <summary>An utterance that a device recorded and cannot send: it becomes a row with status LOST and without audio.</summary>
/// <param name="DeviceId">The device; it has opened a session.</param>
/// <param name="UtteranceId">UUID version 7 made by the device.</param>
/// <param name="SessionEpoch">Epoch of the session that told it; an older one than the device's newest is fenced off.</param>
/// <param name="SequenceNumber">The install's number of this utterance, from 1.</param>
/// <param name="StartedAt">When its first sample was recorded.</param>
/// <param name="Clock">Which clock said that.</param>
/// <param name="Trigger">What made the agent record.</param>
/// <param name="Reason">What took it.</param>
/// <param name="Detail">For people.</param>
/// <param name="LengthBytes">Bytes of PCM that there were; 0 = not known.</param>
public sealed record NewLoss(
    string DeviceId,
    Guid UtteranceId,
    long SessionEpoch,
    long SequenceNumber,
    DateTimeOffset StartedAt,
    Clock Clock,
    Trigger Trigger,
    UtteranceLost.Types.Reason Reason,
    string? Detail,
    long LengthBytes)
{
    /// <summary>The primary key.</summary>
    public UtteranceKey Key => new(DeviceId, UtteranceId);
}
