using Fleet.Contracts.Actors;
using Fleet.Silo.Membership;

namespace Fleet.Silo.Devices.Orleans;

/// <summary>Fleet:Runtime=orleans.</summary>
internal static class OrleansServices
{
    public static IServiceCollection AddOrleansActors(this IServiceCollection services) => services
        .AddSingleton<ActorCalls>()
        .AddSingleton<LocalDevices>()
        .AddSingleton<LocalSessions>()
        .AddSingleton<OrleansActorHost>()
        .AddSingleton<IActorHost>(provider => provider.GetRequiredService<OrleansActorHost>())
        .AddSingleton<ICluster, OrleansCluster>()
        .AddSingleton<IFleet, OrleansFleet>();
}
