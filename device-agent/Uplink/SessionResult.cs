namespace Fleet.DeviceAgent.Uplink;

/// <summary>What the uplink has to know about a session that is over.</summary>
internal sealed record SessionResult(SessionEnd End, IngestFault Fault, string Detail, bool WasWelcomed)
{
    /// <summary>With <see cref="SessionEnd.Drained"/>: wait a random time up to this before connecting again.</summary>
    public TimeSpan ReconnectJitter { get; init; }
}
