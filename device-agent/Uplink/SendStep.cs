using Fleet.DeviceAgent.Spool;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>The next message about an utterance that the uplink should send.</summary>
internal readonly record struct SendStep(SendStepKind Kind, SpoolEntry Entry, long OffsetBytes = 0, int CountBytes = 0);
