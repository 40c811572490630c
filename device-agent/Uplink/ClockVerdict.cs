namespace Fleet.DeviceAgent.Uplink;

/// <summary>May an utterance be sent with the time that it carries?</summary>
internal enum ClockVerdict
{
    /// <summary>Yes.</summary>
    Ready,

    /// <summary>Not known before the cluster has said its time, or before the utterance is complete.</summary>
    Wait,

    /// <summary>No: it gets the right time, and an id of it, first.</summary>
    Correct,
}
