using Fleet.Silo.Membership;
using Orleans;

namespace Fleet.Silo.Devices.Orleans;

/// <summary><see cref="DeploymentLoad"/> on its way between silos. Fields are added with new numbers, never reused.</summary>
[GenerateSerializer, Immutable, Alias("fleet.DeploymentLoad")]
internal struct DeploymentLoadSurrogate
{
    [Id(0)]
    public string Name;

    [Id(1)]
    public int Weight;

    [Id(2)]
    public int InFlight;

    [Id(3)]
    public int Limit;

    [Id(4)]
    public string? AwayBecause;

    public static DeploymentLoadSurrogate Of(DeploymentLoad value) => new()
    {
        Name = value.Name,
        Weight = value.Weight,
        InFlight = value.InFlight,
        Limit = value.Limit,
        AwayBecause = value.AwayBecause,
    };

    public readonly DeploymentLoad ToLoad() => new(Name ?? "", Weight, InFlight, Limit, AwayBecause);
}
