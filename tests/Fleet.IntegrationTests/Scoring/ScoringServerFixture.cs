using System.Net.Http.Headers;
using Fleet.IntegrationTests.Audio;
using Fleet.Scoring.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Fleet.IntegrationTests.Scoring;

/// <summary>A scoring server with small limits and two real decoders, for all tests of a class.</summary>
public sealed class ScoringServerFixture : IAsyncLifetime, IDisposable
{
    public const int MaxSeconds = 8;

    private WebApplication? _server;

    public string KeyFile { get; } = Path.Combine(Path.GetTempPath(), $"fleet-scoring-{Guid.NewGuid():N}.key");

    /// <summary>Sends the right key.</summary>
    public HttpClient Client { get; } = new();

    public async Task InitializeAsync()
    {
        if (new SpeechFactAttribute().Skip is not null)
        {
            return;
        }

        _server = await ScoringServer.StartAsync(
        [
            "--Fleet:ScoringServer:Listen=127.0.0.1:0", $"--Fleet:ScoringServer:KeyFile={KeyFile}", "--Fleet:ScoringServer:Workers=2",
            "--Fleet:ScoringServer:MaxItems=3", $"--Fleet:ScoringServer:MaxSecondsPerItem={MaxSeconds}", "--Fleet:ScoringServer:MaxBodyBytes=4000000",
        ]);
        Client.BaseAddress = new Uri(_server.Urls.Single());
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(KeyFile)).Trim());
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }

        File.Delete(KeyFile);
    }

    public void Dispose() => Client.Dispose();
}
