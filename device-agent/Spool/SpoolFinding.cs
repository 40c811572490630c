using Fleet.V1;

namespace Fleet.DeviceAgent.Spool;

/// <summary>A file in the spool that cannot be sent, and what is known of the utterance; null: not even its number.</summary>
internal sealed record SpoolFinding(string Path, string Reason, UtteranceStart? Start, bool IsOtherKey = false);
