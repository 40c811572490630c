using Fleet.Testing;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.Silo;

public sealed class TlsTests : SiloTestBase, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-silo-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresFact]
    public async Task Certificate_Configured_CallsGoOverTls()
    {
        using var certificate = TestCertificate.Write(_folder, "127.0.0.1");
        await using var silo = await StartSiloAsync(new Dictionary<string, string?>
        {
            ["Fleet:Grpc:CertificateFile"] = Path.Combine(_folder, "cert.pem"),
            ["Fleet:Grpc:CertificateKeyFile"] = Path.Combine(_folder, "key.pem"),
        });
        silo.GrpcAddress.ShouldStartWith("https://");
        using var handler = new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
        };
        using var channel = GrpcChannel.ForAddress(silo.GrpcAddress, new GrpcChannelOptions { HttpHandler = handler });

        var devices = await new FleetApi.FleetApiClient(channel).ListDevicesAsync(new ListDevicesRequest(), silo.ApiHeaders());

        devices.Devices.ShouldBeEmpty();
        using var distrustful = GrpcChannel.ForAddress(silo.GrpcAddress);
        await Should.ThrowAsync<RpcException>(
            async () => await new FleetApi.FleetApiClient(distrustful).ListDevicesAsync(new ListDevicesRequest(), silo.ApiHeaders()));
    }
}
