using Fleet.Silo.Membership;
using Orleans;

namespace Fleet.Silo.Devices.Orleans;

/// <summary><see cref="SiloLoad"/> on its way between silos. Fields are added with new numbers, never reused: silos of two versions run side by side.</summary>
[GenerateSerializer, Immutable, Alias("fleet.SiloLoad")]
internal struct SiloLoadSurrogate
{
    [Id(0)]
    public double CpuPercent;

    [Id(1)]
    public long MemoryBytes;

    [Id(2)]
    public long AudioBytes;

    [Id(3)]
    public TranscriberLoadSurrogate? Transcriber;
}

[RegisterConverter]
internal sealed class SiloLoadConverter : IConverter<SiloLoad, SiloLoadSurrogate>
{
    public SiloLoad ConvertFromSurrogate(in SiloLoadSurrogate surrogate) =>
        new(surrogate.CpuPercent, surrogate.MemoryBytes, surrogate.AudioBytes, surrogate.Transcriber?.ToLoad());

    public SiloLoadSurrogate ConvertToSurrogate(in SiloLoad value) => new()
    {
        CpuPercent = value.CpuPercent,
        MemoryBytes = value.MemoryBytes,
        AudioBytes = value.AudioBytes,
        Transcriber = value.Transcriber is { } transcriber ? TranscriberLoadSurrogate.Of(transcriber) : null,
    };
}
