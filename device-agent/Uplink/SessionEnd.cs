namespace Fleet.DeviceAgent.Uplink;

/// <summary>How a session ended.</summary>
internal enum SessionEnd
{
    /// <summary>The agent stops.</summary>
    Stopped,

    /// <summary>The silo asked the device to connect again, or ended the call with OK.</summary>
    Drained,

    /// <summary>The call ended with a fault.</summary>
    Faulted,

    /// <summary>No Welcome in time.</summary>
    NoWelcome,

    /// <summary>Two heartbeats in a row were not answered.</summary>
    HeartbeatsMissed,
}
