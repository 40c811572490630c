namespace Fleet.Dashboard.Devices;

/// <summary>A device as the overview shows it.</summary>
/// <param name="Online">Null: the silo does not answer, so nobody knows.</param>
public sealed record DeviceState(
    string DeviceId,
    bool? Online,
    DateTimeOffset? LastSeen,
    string AgentVersion,
    long StoredUtterances,
    long SpoolUtterances,
    IReadOnlyList<string> Health);
