using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="SessionOpening"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.SessionOpening")]
internal struct SessionOpeningSurrogate
{
    [Id(0)]
    public SessionOpeningStatus Status;

    [Id(1)]
    public long SessionEpoch;

    [Id(2)]
    public ulong SettingsVersion;

    [Id(3)]
    public string Reason;
}

/// <inheritdoc cref="SessionOpeningSurrogate"/>
[RegisterConverter]
internal sealed class SessionOpeningConverter : IConverter<SessionOpening, SessionOpeningSurrogate>
{
    public SessionOpening ConvertFromSurrogate(in SessionOpeningSurrogate surrogate) => new(
        surrogate.Status, surrogate.SessionEpoch, surrogate.SettingsVersion, surrogate.Reason);

    public SessionOpeningSurrogate ConvertToSurrogate(in SessionOpening value) => new()
    {
        Status = value.Status,
        SessionEpoch = value.SessionEpoch,
        SettingsVersion = value.SettingsVersion,
        Reason = value.Reason,
    };
}
