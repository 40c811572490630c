using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="DevicePresence"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.DevicePresence")]
internal struct DevicePresenceSurrogate
{
    [Id(0)]
    public string DeviceId;

    [Id(1)]
    public bool Online;

    [Id(2)]
    public long SessionEpoch;

    [Id(3)]
    public DateTimeOffset? ConnectedSince;

    [Id(4)]
    public DateTimeOffset? LastSeen;

    [Id(5)]
    public string AgentVersion;

    [Id(6)]
    public int OpenUtterances;

    [Id(7)]
    public int CommittingUtterances;

    [Id(8)]
    public ulong SettingsVersionApplied;

    [Id(9)]
    public DeviceReport? Report;

    [Id(10)]
    public ReportedNumbers? Numbers;

    [Id(11)]
    public DeviceCounters Counters;
}

/// <inheritdoc cref="DevicePresenceSurrogate"/>
[RegisterConverter]
internal sealed class DevicePresenceConverter : IConverter<DevicePresence, DevicePresenceSurrogate>
{
    public DevicePresence ConvertFromSurrogate(in DevicePresenceSurrogate surrogate) => new()
    {
        DeviceId = surrogate.DeviceId,
        Online = surrogate.Online,
        SessionEpoch = surrogate.SessionEpoch,
        ConnectedSince = surrogate.ConnectedSince,
        LastSeen = surrogate.LastSeen,
        AgentVersion = surrogate.AgentVersion,
        OpenUtterances = surrogate.OpenUtterances,
        CommittingUtterances = surrogate.CommittingUtterances,
        SettingsVersionApplied = surrogate.SettingsVersionApplied,
        Report = surrogate.Report,
        Numbers = surrogate.Numbers,
        Counters = surrogate.Counters,
    };

    public DevicePresenceSurrogate ConvertToSurrogate(in DevicePresence value) => new()
    {
        DeviceId = value.DeviceId,
        Online = value.Online,
        SessionEpoch = value.SessionEpoch,
        ConnectedSince = value.ConnectedSince,
        LastSeen = value.LastSeen,
        AgentVersion = value.AgentVersion,
        OpenUtterances = value.OpenUtterances,
        CommittingUtterances = value.CommittingUtterances,
        SettingsVersionApplied = value.SettingsVersionApplied,
        Report = value.Report,
        Numbers = value.Numbers,
        Counters = value.Counters,
    };
}
