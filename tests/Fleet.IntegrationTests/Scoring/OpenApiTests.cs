using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Scoring.Hosting;
using Fleet.Testing.Speech;
using Microsoft.AspNetCore.Builder;

namespace Fleet.IntegrationTests.Scoring;

/// <summary>/swagger.json says what the server does: its own answers are held against it.</summary>
public sealed class OpenApiTests : IAsyncLifetime, IDisposable
{
    private readonly ModelFolder _model = ModelFolder.With();
    private readonly HttpClient _client = new();
    private WebApplication? _server;
    private JsonObject _document = [];

    public async Task InitializeAsync()
    {
        _server = await ScoringServer.StartAsync(
        [
            "--Fleet:ScoringServer:Listen=127.0.0.1:0", "--Fleet:ScoringServer:TrustPlatformKeys=true", "--Fleet:ScoringServer:Engine=wav2vec2",
            $"--Fleet:ScoringServer:ModelFolder={_model.Path}", "--Fleet:ScoringServer:BeamWidth=4", "--Fleet:ScoringServer:Workers=1",
        ]);
        _client.BaseAddress = new Uri(_server.Urls.Single());
        _document = JsonNode.Parse(await _client.GetStringAsync("/swagger.json")).ShouldNotBeNull().AsObject();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync();
            await _server.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _model.Dispose();
    }

    [Fact]
    public void Document_IsOpenApi3_WithReferencesThatLeadSomewhere()
    {
        ((string?)_document["openapi"]).ShouldNotBeNull().ShouldStartWith("3.0.");
        ((string?)_document["info"]?["title"]).ShouldNotBeNullOrEmpty();
        ((string?)_document["info"]?["version"]).ShouldNotBeNullOrEmpty();
        var operations = _document["paths"].ShouldNotBeNull().AsObject().SelectMany(path => path.Value!.AsObject()).ToList();
        operations.Count.ShouldBe(4);
        operations.Select(operation => (string?)operation.Value?["operationId"]).ShouldBeUnique();
        operations.ShouldAllBe(operation => operation.Value!["responses"]!.AsObject().Count > 0);

        var references = References(_document).ToList();
        references.Count.ShouldBeGreaterThan(20);
        references.ShouldAllBe(reference => JsonSchema.Find(_document, reference) != null);
    }

    [Fact]
    public async Task Answers_OfEachKind_AreAsTheDocumentSays()
    {
        var speech = ToneSpeech.Say("HELLO YOU");
        var audio = Convert.ToBase64String(MemoryMarshal.AsBytes(speech.AsSpan()));
        var numbers = new JsonArray([.. speech.Select(sample => (JsonNode)sample)]).ToJsonString();

        await CheckAsync(HttpMethod.Get, "/", null, HttpStatusCode.OK);
        await CheckAsync(HttpMethod.Get, "/ready", null, HttpStatusCode.OK);
        await CheckAsync(HttpMethod.Get, "/swagger.json", null, HttpStatusCode.OK);
        await CheckAsync(HttpMethod.Post, "/score", $$"""{"data":{{numbers}}}""", HttpStatusCode.OK);
        await CheckAsync(HttpMethod.Post, "/score", $$"""{"data":[{{numbers}},{{numbers}}]}""", HttpStatusCode.OK);
        await CheckAsync(
            HttpMethod.Post, "/score", $$"""{"inputs":[{"id":"a","sample_rate":16000,"audio":"{{audio}}"},{"id":"b","sample_rate":8000,"audio":"AAAA"}]}""", HttpStatusCode.OK,
            checkRequest: false);
        await CheckAsync(HttpMethod.Post, "/score", $$"""{"inputs":[{"id":"a","sample_rate":16000,"audio":"{{audio}}"}]}""", HttpStatusCode.OK);
        await CheckAsync(HttpMethod.Post, "/score", "{}", HttpStatusCode.BadRequest, checkRequest: false);
    }

    [Fact]
    public void Schema_OfAnotherAnswer_IsNotMet()
    {
        var schema = _document["paths"]!["/score"]!["post"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;

        foreach (var wrong in new[] { "{}", """{"result":1}""", """{"results":[{"text":"a"}]}""", """{"result":"a","more":1}""", """{"results":[{"id":"a","words":[{"word":"b"}]}]}""" })
        {
            JsonSchema.Faults(_document, schema, JsonNode.Parse(wrong)).ShouldNotBeEmpty(wrong);
        }
    }

    private async Task CheckAsync(HttpMethod method, string path, string? body, HttpStatusCode status, bool checkRequest = true)
    {
        using var request = new HttpRequestMessage(method, path);
        var operation = _document["paths"]![path]![method.Method.ToLowerInvariant()]!;
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            if (checkRequest)
            {
                JsonSchema.Faults(_document, operation["requestBody"]!["content"]!["application/json"]!["schema"]!, JsonNode.Parse(body)).ShouldBeEmpty(path);
            }
        }

        using var response = await _client.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());

        response.StatusCode.ShouldBe(status);
        var said = JsonSchema.Resolve(_document, operation["responses"]![((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture)]!);
        JsonSchema.Faults(_document, said["content"]!["application/json"]!["schema"]!, answer).ShouldBeEmpty($"{method} {path}");
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject all => all.SelectMany(entry => entry.Key == "$ref" ? [(string)entry.Value!] : References(entry.Value)),
        JsonArray all => all.SelectMany(References),
        _ => [],
    };
}
