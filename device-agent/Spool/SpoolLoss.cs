using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>An utterance that was begun and cannot be sent: what the cloud is told of it, until it has committed that.</summary>
internal sealed record SpoolLoss(
    string UtteranceId,
    ulong SequenceNumber,
    long StartedAtUnixMs,
    Clock Clock,
    Trigger Trigger,
    UtteranceLost.Types.Reason Reason,
    string Detail,
    long LengthBytes);
