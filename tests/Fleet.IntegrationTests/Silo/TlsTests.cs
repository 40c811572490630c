using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
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
        using var certificate = MakeCertificate();
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

    private X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fleet-test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
