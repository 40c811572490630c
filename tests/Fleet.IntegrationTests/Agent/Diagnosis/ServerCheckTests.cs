using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.DeviceAgent.Diagnosis;
using Fleet.DeviceAgent.Uplink;

namespace Fleet.IntegrationTests.Agent.Diagnosis;

/// <summary>Every way in which a server can be out of reach, each with a real listener.</summary>
public sealed class ServerCheckTests : IDisposable
{
    private readonly AgentFixture _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task Run_Silo_IsFine()
    {
        await using var server = await IngestServer.StartAsync();

        var result = await RunAsync(server.Address);

        result.Verdict.ShouldBe(Verdict.Ok, result.ToString());
        result.Detail.ShouldContain("HTTP/2");
    }

    [Fact]
    public async Task Run_NameUnknown_SaysThatItIsTheName()
    {
        var result = await RunAsync("http://no-such-host.invalid:5100");

        result.Verdict.ShouldBe(Verdict.No);
        result.Detail.ShouldContain("name no-such-host.invalid is not known");
        result.Mend.ShouldContain("DNS");
    }

    [Fact]
    public async Task Run_NobodyListens_SaysThatItIsThePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop();

        var result = await RunAsync(address);

        result.Verdict.ShouldBe(Verdict.No);
        result.Detail.ShouldContain("no connection to");
        result.Mend.ShouldContain("start the silo");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP/1.1 only", "Fleet:Grpc:Listen")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", "not HTTP", "not a silo")]
    [InlineData("\u0015\u0003\u0001\u0000\u0002\u0002\u0046", "wants TLS", "https://")]
    [InlineData("", "without an answer", "https://")]
    public async Task Run_AnotherKindOfServer_IsNamed(string answer, string detail, string mend)
    {
        var result = await AskAsync(answer, "http");

        result.Verdict.ShouldBe(Verdict.No, result.ToString());
        result.Detail.ShouldContain(detail);
        result.Mend.ShouldContain(mend);
    }

    [Fact]
    public async Task Run_TlsWanted_ServerIsInTheClear_SaysSo()
    {
        var result = await AskAsync("HTTP/1.1 400 Bad Request\r\n\r\n", "https");

        result.Verdict.ShouldBe(Verdict.No, result.ToString());
        result.Detail.ShouldContain("but not with TLS");
    }

    [Fact]
    public async Task Run_SiloWithTls_PlaintextAsked_SaysHttps()
    {
        using var certificate = Make(-1, 1);
        await using var server = await IngestServer.StartAsync(certificate: certificate);

        var result = await RunAsync(server.Address.Replace("https:", "http:", StringComparison.Ordinal));

        result.Verdict.ShouldBe(Verdict.No, result.ToString());
        result.Mend.ShouldContain("https://");
    }

    [Theory]
    [InlineData(-1, 1, "127.0.0.1", "nobody here trusts who signed it", "--ca-file")]
    [InlineData(-9, -3, "127.0.0.1", "it expired at", "renew")]
    [InlineData(3, 9, "127.0.0.1", "it is valid from", "set the clock")]
    [InlineData(-1, 1, "192.0.2.7", "it is for 192.0.2.7, not for 127.0.0.1", "--server")]
    public async Task Run_Certificate_SaysWhichProblem(int fromDays, int toDays, string name, string detail, string mend)
    {
        using var certificate = Make(fromDays, toDays, name);
        await using var server = await IngestServer.StartAsync(certificate: certificate);

        var result = await RunAsync(server.Address);

        result.Verdict.ShouldBe(Verdict.No, result.ToString());
        result.Detail.ShouldContain(detail);
        result.Mend.ShouldContain(mend);
    }

    [Fact]
    public async Task Run_CertificateTrusted_SaysUntilWhen()
    {
        using var certificate = Make(-1, 1);
        await using var server = await IngestServer.StartAsync(certificate: certificate);
        var authority = _agent.Write("ca.pem", System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()));

        var result = await RunAsync(server.Address, authority);

        result.Verdict.ShouldBe(Verdict.Ok, result.ToString());
        result.Detail.ShouldContain($"certificate until {certificate.NotAfter:yyyy-MM-dd}");
    }

    private static async Task<CheckResult> AskAsync(string answer, string scheme)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, answer);
        var result = await RunAsync($"{scheme}://{listener.LocalEndpoint}");
        await serving;
        return result;
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().ReadAtLeastAsync(new byte[24], 24, throwOnEndOfStream: false);
        await client.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private static Task<CheckResult> RunAsync(string address, string? authority = null)
    {
        ServerAddress.TryCreate(address, authority, privateNetwork: true, out var server, out var error).ShouldBeTrue(error);
        return new ServerCheck(server.ShouldNotBeNull(), TimeProvider.System).RunAsync(CancellationToken.None);
    }

    private static X509Certificate2 Make(int fromDays, int toDays, string name = "127.0.0.1")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=fleet-test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Parse(name));
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(
            certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(fromDays), now.AddDays(toDays));
    }
}
