namespace Fleet.DeviceAgent.Uplink;

internal sealed partial class DeviceUplink
{
    private const string Listening = "The agent goes on listening and tries again in {Seconds:0.0} s";

    [LoggerMessage(220, LogLevel.Information, "The silo ended the session as announced; the device connects again in {Seconds:0.0} s")]
    private partial void LogDrained(double seconds);

    [LoggerMessage(
        221, LogLevel.Warning,
        "No connection to the cloud: {Reason}. " +
        Listening +
        "; {Waiting} utterances wait in the spool ({HeldBack} messages like this held back)")]
    private partial void LogUnavailable(string reason, double seconds, int waiting, int heldBack);

    [LoggerMessage(
        222, LogLevel.Error,
        "The cloud refuses the join key: {Reason}. Put the key that the silo made (its JoinKeyFile) into --key-file or " +
        "FLEET_JOIN_KEY. " +
        Listening +
        " ({HeldBack} messages like this held back)")]
    private partial void LogUnauthenticated(string reason, double seconds, int heldBack);

    [LoggerMessage(
        223, LogLevel.Error,
        "The cloud cannot talk to this agent: {Reason}. Update the agent or the cluster. " +
        Listening +
        " ({HeldBack} messages like this held back)")]
    private partial void LogIncompatible(string reason, double seconds, int heldBack);

    [LoggerMessage(
        224, LogLevel.Error,
        "The cloud refuses this device as '{DeviceId}': {Reason}. If the id belongs to another machine, choose another --device-id, or " +
        "let the operator replace the other install. If this machine was made from a copy of another one, give it a --state-dir of " +
        "its own and another --device-id. " +
        Listening +
        " ({HeldBack} messages like this held back)")]
    private partial void LogDeviceIdTaken(string deviceId, string reason, double seconds, int heldBack);

    [LoggerMessage(
        225, LogLevel.Error,
        "Another session of this install took over: {Reason}. Does a copy of the state folder run elsewhere? " +
        Listening)]
    private partial void LogTakenOver(string reason, double seconds);

    [LoggerMessage(
        226, LogLevel.Error,
        "The cloud says that this agent broke the protocol: {Reason}. Please report it. " +
        Listening +
        " ({HeldBack} messages like this held back)")]
    private partial void LogProtocolBroken(string reason, double seconds, int heldBack);
}
