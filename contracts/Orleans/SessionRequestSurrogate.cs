using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="SessionRequest"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.SessionRequest")]
internal struct SessionRequestSurrogate
{
    [Id(0)]
    public SessionAddress Address;

    [Id(1)]
    public Guid InstallId;

    [Id(2)]
    public Guid BootId;

    [Id(3)]
    public string AgentVersion;

    [Id(4)]
    public string[] Capabilities;

    [Id(5)]
    public ulong NextSequenceNumber;

    [Id(6)]
    public ulong SettledBelow;

    [Id(7)]
    public string Peer;
}

/// <inheritdoc cref="SessionRequestSurrogate"/>
[RegisterConverter]
internal sealed class SessionRequestConverter : IConverter<SessionRequest, SessionRequestSurrogate>
{
    public SessionRequest ConvertFromSurrogate(in SessionRequestSurrogate surrogate) => new(
        surrogate.Address,
        surrogate.InstallId,
        surrogate.BootId,
        surrogate.AgentVersion,
        surrogate.Capabilities,
        surrogate.NextSequenceNumber,
        surrogate.SettledBelow,
        surrogate.Peer);

    public SessionRequestSurrogate ConvertToSurrogate(in SessionRequest value) => new()
    {
        Address = value.Address,
        InstallId = value.InstallId,
        BootId = value.BootId,
        AgentVersion = value.AgentVersion,
        Capabilities = [.. value.Capabilities],
        NextSequenceNumber = value.NextSequenceNumber,
        SettledBelow = value.SettledBelow,
        Peer = value.Peer,
    };
}
