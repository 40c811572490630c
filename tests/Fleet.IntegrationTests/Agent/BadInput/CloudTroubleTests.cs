using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.DeviceAgent.Configuration;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Agent.BadInput;

/// <summary>A cloud that the agent cannot talk to: it records on, keeps everything, and says once what is wrong.</summary>
public sealed class CloudTroubleTests : IDisposable
{
    private readonly AgentFixture _agent = new();

    private static string Sample => Path.Combine(RepositoryPaths.Samples, "message-forwarded.wav");

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task Server_NobodyListens_IsSaidOnceAndTheUtteranceIsKept()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://{listener.LocalEndpoint}";
        listener.Stop();

        await ShouldKeepAndSayOnceAsync(_agent.Arguments(address, Sample), "No connection to the cloud: ", "Connection refused");
    }

    [Theory]
    [InlineData(-400, -1, "localhost", "NotTimeValid")]
    [InlineData(-1, 400, "another.example", "RemoteCertificateNameMismatch")]
    public async Task Server_CertificateExpiredOrOfAnother_IsSaidOnceAndTheUtteranceIsKept(int fromDays, int toDays, string name, string reason)
    {
        using var certificate = CreateCertificate(fromDays, toDays, name);
        await using var server = await IngestServer.StartAsync(certificate: certificate);
        var arguments = _agent.Arguments(server.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), Sample) with
        {
            CaFile = _agent.Write("ca.pem", System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem())),
        };

        await ShouldKeepAndSayOnceAsync(arguments, "No connection to the cloud: ", reason);

        server.Devices.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("two words")]
    public async Task KeyFile_HoldsNoKey_IsSaidOnceAndTheUtteranceIsKept(string content)
    {
        await using var server = await IngestServer.StartAsync();
        var arguments = _agent.Arguments(server.Address, Sample) with { KeyFile = _agent.Write("join.key", System.Text.Encoding.UTF8.GetBytes(content)) };

        await ShouldKeepAndSayOnceAsync(arguments, "The cloud refuses the join key: the key file", "holds no key. Put the key that the silo made (its JoinKeyFile) into --key-file");
    }

    [Fact]
    public async Task KeyFile_WithANewline_IsTaken()
    {
        await using var server = await IngestServer.StartAsync();
        var arguments = _agent.Arguments(server.Address, Sample) with
        {
            KeyFile = _agent.Write("join.key", System.Text.Encoding.UTF8.GetBytes($"\r\n{IngestServer.Key}\r\n")),
        };

        (await _agent.RunAsync(arguments)).ShouldBe(0, _agent.Errors.ToString());
    }

    [Fact]
    public async Task KeyFile_Missing_EndsWithTheRemedy()
    {
        (await _agent.RunAsync(_agent.Arguments("http://127.0.0.1:1", Sample) with { KeyFile = "/nowhere/join.key" })).ShouldBe(ExitCodes.BadArguments);

        _agent.Errors.ToString().ShouldContain("--key-file '/nowhere/join.key' does not exist. Copy the join key that the silo made (its JoinKeyFile) there.");
    }

    private async Task ShouldKeepAndSayOnceAsync(AgentArguments arguments, string beginning, string words)
    {
        // Long enough for a second attempt.
        var exitCode = await _agent.RunAsync(arguments with { Linger = TimeSpan.FromSeconds(3), StopTimeout = TimeSpan.Zero });

        exitCode.ShouldBe(ExitCodes.NotStored);
        var line = _agent.Errors.ToString().Split(Environment.NewLine).Where(line => line.Contains(beginning, StringComparison.Ordinal)).ShouldHaveSingleItem();
        line.ShouldContain(words);
        line.ShouldContain("The agent goes on listening and tries again in ");
        Directory.GetFiles(Path.Combine(arguments.StateFolder, "spool")).ShouldHaveSingleItem();
    }

    private static X509Certificate2 CreateCertificate(int fromDays, int toDays, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(fromDays), now.AddDays(toDays));
    }
}
