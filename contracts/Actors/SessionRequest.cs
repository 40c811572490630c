namespace Fleet.Contracts.Actors;

/// <summary>A device said Hello on a stream.</summary>
/// <param name="Address">Where its stream ends.</param>
/// <param name="InstallId">Made once when the agent was installed.</param>
/// <param name="BootId">Made at each start of the agent.</param>
/// <param name="AgentVersion">For people.</param>
/// <param name="Capabilities">What the agent can do beyond its protocol version.</param>
/// <param name="NextSequenceNumber">The number that the device's next new utterance will have.</param>
/// <param name="SettledBelow">Every utterance with a lower number was answered for good; 0 = not said.</param>
/// <param name="Peer">Where it called from; for people.</param>
public sealed record SessionRequest(
    SessionAddress Address, Guid InstallId, Guid BootId, string AgentVersion, IReadOnlyList<string> Capabilities, ulong NextSequenceNumber,
    ulong SettledBelow = 0, string Peer = "");
