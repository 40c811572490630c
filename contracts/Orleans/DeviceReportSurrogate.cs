using Fleet.Contracts.Actors;
using Orleans;

namespace Fleet.Contracts.Orleans;

/// <summary>How <see cref="DeviceReport"/> crosses a process border. Ids are never reused; new ones are added.</summary>
[GenerateSerializer, Immutable, Alias("fleet.DeviceReport")]
internal struct DeviceReportSurrogate
{
    [Id(0)]
    public uint SpoolUtterances;

    [Id(1)]
    public ulong SpoolBytes;

    [Id(2)]
    public string[] Health;

    [Id(3)]
    public ulong NextSequenceNumber;

    [Id(4)]
    public ulong SettledBelow;
}

/// <inheritdoc cref="DeviceReportSurrogate"/>
[RegisterConverter]
internal sealed class DeviceReportConverter : IConverter<DeviceReport, DeviceReportSurrogate>
{
    public DeviceReport ConvertFromSurrogate(in DeviceReportSurrogate surrogate) => new(
        surrogate.SpoolUtterances, surrogate.SpoolBytes, surrogate.Health, surrogate.NextSequenceNumber, surrogate.SettledBelow);

    public DeviceReportSurrogate ConvertToSurrogate(in DeviceReport value) => new()
    {
        SpoolUtterances = value.SpoolUtterances,
        SpoolBytes = value.SpoolBytes,
        Health = [.. value.Health],
        NextSequenceNumber = value.NextSequenceNumber,
        SettledBelow = value.SettledBelow,
    };
}
