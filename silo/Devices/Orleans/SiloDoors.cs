using Orleans.Runtime;
using Orleans.Runtime.Services;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>The doors of all silos.</summary>
internal sealed class SiloDoors(IServiceProvider services) : GrainServiceClient<ISiloDoor>(services)
{
    public ISiloDoor Of(SiloAddress silo) => GetGrainService(silo);
}
