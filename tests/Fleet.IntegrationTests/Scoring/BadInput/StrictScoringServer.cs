using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.IntegrationTests.Audio;
using Fleet.Scoring.Hosting;
using Microsoft.AspNetCore.Builder;

namespace Fleet.IntegrationTests.Scoring.BadInput;

/// <summary>A scoring server with its own limits but for the time that a body may take, for all the bad input of this folder.</summary>
public sealed class StrictScoringServer : IAsyncLifetime, IDisposable
{
    public const int BodyTimeoutSeconds = 5;

    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"fleet-scoring-{Guid.NewGuid():N}.key");
    private WebApplication? _server;

    /// <summary>Sends the right key.</summary>
    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public Uri Address => Client.BaseAddress ?? throw new InvalidOperationException("Not initialized.");

    public string Key { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (new SpeechFactAttribute().Skip is not null)
        {
            return;
        }

        _server = await ScoringServer.StartAsync(
        [
            "--Fleet:ScoringServer:Listen=127.0.0.1:0", $"--Fleet:ScoringServer:KeyFile={_keyFile}", "--Fleet:ScoringServer:Workers=1",
            $"--Fleet:ScoringServer:BodyTimeoutSeconds={BodyTimeoutSeconds}",
        ]);
        Key = (await File.ReadAllTextAsync(_keyFile)).Trim();
        Client.BaseAddress = new Uri(_server.Urls.Single());
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }

        File.Delete(_keyFile);
    }

    public void Dispose() => Client.Dispose();

    internal Task<HttpResponseMessage> PostAsync(string body) => PostAsync(new StringContent(body, Encoding.UTF8, "application/json"));

    internal Task<HttpResponseMessage> PostAsync(HttpContent body) => Client.PostAsync("/score", body);

    /// <summary>Somebody else's request is answered as always.</summary>
    internal async Task OthersAreServedAsync()
    {
        using var response = await PostAsync(ScoreBodies.Good);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"results":[{"id":"a","text":""}]}""");
    }

    /// <summary>The one message of an answer that is not 200.</summary>
    internal static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        return (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())?["error"] ?? "(no error in the answer)";
    }
}
