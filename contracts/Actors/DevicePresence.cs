namespace Fleet.Contracts.Actors;

/// <summary>How a device is at this moment, as far as its actor knows.</summary>
public sealed record DevicePresence
{
    /// <summary>Name of the device in its fleet.</summary>
    public required string DeviceId { get; init; }

    /// <summary>A session is open.</summary>
    public required bool Online { get; init; }

    /// <summary>Epoch of the open session; 0 = none.</summary>
    public required long SessionEpoch { get; init; }

    /// <summary>When the session was opened; null = none is open.</summary>
    public required DateTimeOffset? ConnectedSince { get; init; }

    /// <summary>When the actor heard of the device last; null = not since it was activated.</summary>
    public required DateTimeOffset? LastSeen { get; init; }

    /// <summary>As in the last Hello; empty = none since the actor was activated.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Utterances that are being sent.</summary>
    public required int OpenUtterances { get; init; }

    /// <summary>Utterances that were received and wait for their commit.</summary>
    public required int CommittingUtterances { get; init; }

    /// <summary>Version of the settings that the device runs with; 0 = none.</summary>
    public required ulong SettingsVersionApplied { get; init; }

    /// <summary>What the last heartbeat said; null = none yet.</summary>
    public required DeviceReport? Report { get; init; }

    /// <summary>What Hello or the last heartbeat said of its numbers; null = not since the actor was activated.</summary>
    public ReportedNumbers? Numbers { get; init; }

    /// <summary>Counts since the actor was activated.</summary>
    public required DeviceCounters Counters { get; init; }
}
