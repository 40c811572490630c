using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="DeviceCounters"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.DeviceCounters")]
internal struct DeviceCountersSurrogate
{
    [Id(0)]
    public long Sessions;

    [Id(1)]
    public long Stored;

    [Id(2)]
    public long Duplicates;

    [Id(3)]
    public long Rejected;

    [Id(4)]
    public long TranscriptsDelivered;
}

/// <inheritdoc cref="DeviceCountersSurrogate"/>
[RegisterConverter]
internal sealed class DeviceCountersConverter : IConverter<DeviceCounters, DeviceCountersSurrogate>
{
    public DeviceCounters ConvertFromSurrogate(in DeviceCountersSurrogate surrogate) => new(
        surrogate.Sessions, surrogate.Stored, surrogate.Duplicates, surrogate.Rejected, surrogate.TranscriptsDelivered);

    public DeviceCountersSurrogate ConvertToSurrogate(in DeviceCounters value) => new()
    {
        Sessions = value.Sessions,
        Stored = value.Stored,
        Duplicates = value.Duplicates,
        Rejected = value.Rejected,
        TranscriptsDelivered = value.TranscriptsDelivered,
    };
}
