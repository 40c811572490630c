using Fleet.Contracts.Actors;
using Fleet.Silo.Membership;

namespace Fleet.Silo.Devices.Embedded;

/// <summary>Fleet:Runtime=embedded.</summary>
internal static class EmbeddedServices
{
    public static IServiceCollection AddEmbeddedActors(this IServiceCollection services) => services
        .AddSingleton<DeviceDirectory>()
        .AddSingleton<IFleet>(provider => provider.GetRequiredService<DeviceDirectory>())
        .AddSingleton<IActorHost, EmbeddedActorHost>()
        .AddSingleton<ICluster, EmbeddedCluster>()
        .AddHostedService<DeviceDeactivationWorker>();
}
