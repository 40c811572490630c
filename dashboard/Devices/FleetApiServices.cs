using Fleet.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;

namespace Fleet.Dashboard.Devices;

/// <summary>Registers the client of the silo's API. Nothing connects before it is used.</summary>
internal static class FleetApiServices
{
    public static void AddFleetApi(this IServiceCollection services)
    {
        services.AddOptions<FleetApiOptions>().BindConfiguration(FleetApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => GrpcChannel.ForAddress(provider.GetRequiredService<IOptions<FleetApiOptions>>().Value.Address));
        services.AddSingleton(provider => new FleetApi.FleetApiClient(provider.GetRequiredService<GrpcChannel>()));
        services.AddSingleton<SiloAccess>();
        services.AddSingleton<SiloCommands>();
        services.AddSingleton<DeviceDirectory>();
    }
}
