using Fleet.Silo.Membership;
using Orleans;

namespace Fleet.Silo.Devices.Orleans;

/// <summary><see cref="TranscriberLoad"/> on its way between silos. Fields are added with new numbers, never reused.</summary>
[GenerateSerializer, Immutable, Alias("fleet.TranscriberLoad")]
internal struct TranscriberLoadSurrogate
{
    [Id(0)]
    public int Waiting;

    [Id(1)]
    public DeploymentLoadSurrogate[] Deployments;

    public static TranscriberLoadSurrogate Of(TranscriberLoad value) =>
        new() { Waiting = value.Waiting, Deployments = [.. value.Deployments.Select(DeploymentLoadSurrogate.Of)] };

    public readonly TranscriberLoad ToLoad() => new(Waiting, [.. (Deployments ?? []).Select(static one => one.ToLoad())]);
}
