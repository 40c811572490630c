using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Contracts.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.UnitTests.Contracts.CommandLine;

public sealed class HealthQuestionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-health-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(200, "ready", 0)]
    [InlineData(503, "not ready: the database is away", 1)]
    public async Task Ask_SaysWhatTheProgramSays(int status, string words, int expected)
    {
        await using var server = await StartAsync(status, words, https: null);
        using var output = new StringWriter();

        var code = await HealthQuestion.AskAsync(Listen(server), "/ready", certificateFile: null, output);

        (code, output.ToString().Trim()).ShouldBe((expected, words));
    }

    [Fact]
    public async Task Ask_NobodyListens_IsNotWell()
    {
        var server = await StartAsync(200, "", https: null);
        var listen = Listen(server);
        await server.DisposeAsync();
        using var output = new StringWriter();

        (await HealthQuestion.AskAsync(listen, "/ready", certificateFile: null, output)).ShouldBe(1);
        output.ToString().ShouldContain("does not answer");
    }

    [Fact]
    public async Task Ask_OverTls_TakesTheProgramsOwnCertificateAndNoOther()
    {
        using var own = MakeCertificate("own");
        using var other = MakeCertificate("other");
        await using var server = await StartAsync(200, "ready", own);

        (await HealthQuestion.AskAsync(Listen(server), "/ready", Path.Combine(_folder, "own.pem"), TextWriter.Null)).ShouldBe(0);
        (await HealthQuestion.AskAsync(Listen(server), "/ready", Path.Combine(_folder, "other.pem"), TextWriter.Null)).ShouldBe(1);
        (await HealthQuestion.AskAsync(Listen(server), "/ready", Path.Combine(_folder, "missing.pem"), TextWriter.Null)).ShouldBe(1);
    }

    [Theory]
    [InlineData("0.0.0.0:5101", "http://127.0.0.1:5101/ready")]
    [InlineData("*:5101", "http://127.0.0.1:5101/ready")]
    [InlineData("[::]:5101", "http://[::1]:5101/ready")]
    [InlineData("localhost:80", "http://127.0.0.1/ready")]
    [InlineData("10.0.0.7:5101", "http://10.0.0.7:5101/ready")]
    [InlineData("127.0.0.1:0", null)]
    [InlineData("127.0.0.1", null)]
    [InlineData("somewhere:5101", null)]
    public void Address_OfWhatTheProgramListensOn(string listen, string? expected) =>
        (HealthQuestion.Address(listen, "/ready", secure: false)?.ToString()).ShouldBe(expected);

    private static string Listen(WebApplication server) =>
        new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority; // Kestrel always has it

    private static async Task<WebApplication> StartAsync(int status, string words, X509Certificate2? https)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (https is not null)
            {
                listen.UseHttps(https);
            }
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        var app = builder.Build();
        app.MapGet("/ready", () => Results.Text(words, statusCode: status));
        await app.StartAsync();
        return app;
    }

    private X509Certificate2 MakeCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(Path.Combine(_folder, name + ".pem"), certificate.ExportCertificatePem());
        return certificate;
    }
}
