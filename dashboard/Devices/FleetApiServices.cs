using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
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
        services.AddSingleton(provider => CreateChannel(provider.GetRequiredService<IOptions<FleetApiOptions>>().Value));
        services.AddSingleton(provider => new FleetApi.FleetApiClient(provider.GetRequiredService<GrpcChannel>()));
        services.AddSingleton<SiloAccess>();
        services.AddSingleton<SiloCommands>();
        services.AddSingleton<DeviceDirectory>();
        services.AddSingleton<TranscriberDirectory>();
    }

    private static GrpcChannel CreateChannel(FleetApiOptions options)
    {
        if (string.IsNullOrEmpty(options.CaFile))
        {
            return GrpcChannel.ForAddress(options.Address);
        }

        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(options.CaFile);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.AddRange(roots);
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust } };
        return GrpcChannel.ForAddress(options.Address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }
}
