namespace Fleet.Storage;

/// <summary>A device as the database knows it.</summary>
public sealed record DeviceSummary
{
    public required string DeviceId { get; init; }

    public required Guid InstallId { get; init; }

    /// <summary>Epoch of its newest session.</summary>
    public required long SessionEpoch { get; init; }

    public required string AgentVersion { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Utterances stored for it, ever.</summary>
    public required long StoredUtterances { get; init; }

    /// <summary>The highest sequence number stored for its install; 0 = none.</summary>
    public required long LastSequenceNumber { get; init; }
}
