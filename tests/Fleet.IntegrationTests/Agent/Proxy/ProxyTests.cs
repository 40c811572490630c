using Fleet.IntegrationTests.Silo;
using Fleet.Testing;

namespace Fleet.IntegrationTests.Agent.Proxy;

/// <summary>A device in a network out of which only a web proxy leads, and a cluster at the port that every proxy lets pass.</summary>
public sealed class ProxyTests : SiloTestBase, IDisposable
{
    private const string Name = "fleet.test";

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-proxy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresFact]
    public async Task Utterance_ThroughAProxyToPort443_IsStored()
    {
        using var certificate = TestCertificate.Write(_folder, Name);
        await using var silo = await StartSiloAsync(new Dictionary<string, string?>
        {
            ["Fleet:Grpc:CertificateFile"] = Path.Combine(_folder, "cert.pem"),
            ["Fleet:Grpc:CertificateKeyFile"] = Path.Combine(_folder, "key.pem"),
        });
        await using var proxy = new ConnectProxy(new Uri(silo.GrpcAddress).Port);
        await File.WriteAllTextAsync(Path.Combine(_folder, "join.key"), silo.JoinKey);
        string[] line =
        [
            "--server", $"https://{Name}", "--ca-file", Path.Combine(_folder, "cert.pem"), "--key-file", Path.Combine(_folder, "join.key"),
            "--state-dir", Path.Combine(_folder, "state"),
        ];
        // Names of a test domain lead nowhere: the agent must leave them to the proxy.
        var environment = new Dictionary<string, string?> { ["HTTPS_PROXY"] = proxy.Address, ["NO_PROXY"] = null, ["no_proxy"] = null };

        await using var agent = TestProgram.Start(
            "Fleet.DeviceAgent", [.. line, "--play", Path.Combine(RepositoryPaths.Samples, "who-sent-this.wav"), "--speed", "max", "--exit"], environment);
        (await agent.WaitForExitAsync(TimeSpan.FromMinutes(1))).ShouldBe(0, string.Join('\n', agent.Lines));
        await using var check = TestProgram.Start("Fleet.DeviceAgent", [.. line, "--play", RepositoryPaths.Samples, "--check"], environment);
        (await check.WaitForExitAsync(TimeSpan.FromMinutes(1))).ShouldBe(0, string.Join('\n', check.Lines));

        (await QueryAsync("SELECT count(*) FROM utterances")).ShouldBe(1L);
        proxy.Asked.ShouldNotBeEmpty();
        proxy.Asked.ShouldAllBe(asked => asked == $"CONNECT {Name}:443 HTTP/1.1");
        check.Lines.ShouldContain(text => text.Contains("is reached through the proxy 127.0.0.1", StringComparison.Ordinal));
    }
}
