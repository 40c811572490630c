namespace Fleet.Dashboard.Devices;

/// <summary>A device as the overview shows it. Whether it is online is null while the silo does not answer: then nobody knows.</summary>
public sealed record DeviceState(
    string DeviceId,
    bool? Online,
    DateTimeOffset? LastSeen,
    string AgentVersion,
    long StoredUtterances,
    long SpoolUtterances,
    IReadOnlyList<string> Health);
