using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="SessionResumption"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.SessionResumption")]
internal struct SessionResumptionSurrogate
{
    [Id(0)]
    public long SessionEpoch;

    [Id(1)]
    public SessionAddress Address;

    [Id(2)]
    public string AgentVersion;

    [Id(3)]
    public Guid InstallId;
}

/// <inheritdoc cref="SessionResumptionSurrogate"/>
[RegisterConverter]
internal sealed class SessionResumptionConverter : IConverter<SessionResumption, SessionResumptionSurrogate>
{
    public SessionResumption ConvertFromSurrogate(in SessionResumptionSurrogate surrogate) => new(
        surrogate.SessionEpoch, surrogate.Address, surrogate.InstallId, surrogate.AgentVersion);

    public SessionResumptionSurrogate ConvertToSurrogate(in SessionResumption value) => new()
    {
        SessionEpoch = value.SessionEpoch,
        Address = value.Address,
        InstallId = value.InstallId,
        AgentVersion = value.AgentVersion,
    };
}
