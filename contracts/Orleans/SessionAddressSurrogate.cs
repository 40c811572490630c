using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="SessionAddress"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.SessionAddress")]
internal struct SessionAddressSurrogate
{
    [Id(0)]
    public string Silo;

    [Id(1)]
    public Guid SessionId;
}

/// <inheritdoc cref="SessionAddressSurrogate"/>
[RegisterConverter]
internal sealed class SessionAddressConverter : IConverter<SessionAddress, SessionAddressSurrogate>
{
    public SessionAddress ConvertFromSurrogate(in SessionAddressSurrogate surrogate) => new(
        surrogate.Silo, surrogate.SessionId);

    public SessionAddressSurrogate ConvertToSurrogate(in SessionAddress value) => new()
    {
        Silo = value.Silo,
        SessionId = value.SessionId,
    };
}
