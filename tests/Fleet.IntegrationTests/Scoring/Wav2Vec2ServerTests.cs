using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Audio;
using Fleet.Scoring.Hosting;
using Fleet.Testing.Speech;
using Microsoft.AspNetCore.Builder;

namespace Fleet.IntegrationTests.Scoring;

/// <summary>The scoring server with the engine wav2vec2 and a model whose answers are known: Kestrel on loopback, as an Azure ML container.</summary>
public sealed class Wav2Vec2ServerTests : IAsyncLifetime, IDisposable
{
    private readonly ModelFolder _model = ModelFolder.With();
    private readonly HttpClient _client = new();
    private WebApplication? _server;

    public async Task InitializeAsync()
    {
        _server = await StartAsync(_model, "--Fleet:ScoringServer:Workers=2");
        _client.BaseAddress = new Uri(_server.Urls.Single());
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
    public async Task Score_TheTutorialsRequestByteForByte_IsAnsweredInItsForm()
    {
        // As Python's json.dumps writes a list of floats that hold 16-bit samples: a blank after each comma and colon, a fraction in each number.
        var samples = ToneSpeech.Say("HELLO PI");
        var body = "{\"data\": [" + string.Join(", ", samples.Select(static sample => sample.ToString(CultureInfo.InvariantCulture) + ".0")) + "]}";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/score") { Content = new ByteArrayContent(Encoding.ASCII.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer the-platform-has-checked-this");

        using var response = await _client.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"result":"HELLO PI"}""");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("x-fleet-engine").ShouldBe(["wav2vec2"]);
        response.Headers.GetValues("x-fleet-model").ShouldBe(["tones"]);
    }

    [Fact]
    public async Task Score_ListAndInputs_AreAnsweredInOrderWhateverTheirLengths()
    {
        string[] texts = ["A RATHER LONG ONE WITH MANY WORDS", "SHORT", "SHOUT", "ONE MORE", "SPORT"];
        var data = new JsonObject { ["data"] = new JsonArray([.. texts.Select(text => new JsonArray([.. ToneSpeech.Say(text).Select(sample => (JsonNode)(sample / 32768.0))]))]) };
        var inputs = new JsonObject { ["inputs"] = new JsonArray([.. texts.Select(text => Input(text, ToneSpeech.Say(text)))]) };

        var list = await ScoreAsync(data);
        var results = (await ScoreAsync(inputs))["results"].ShouldNotBeNull().AsArray();

        list["result"].ShouldNotBeNull().AsArray().Select(static text => (string?)text).ShouldBe(texts);
        results.Select(static result => (string?)result?["id"]).ShouldBe(texts);
        results.Select(static result => (string?)result?["text"]).ShouldBe(texts);
        results.ShouldAllBe(static result => (double?)result!["confidence"] > 0.9);
        results[3]!["words"]!.ToJsonString().ShouldStartWith("""[{"word":"ONE","start_ms":0,"end_ms":160,"confidence":""");
    }

    [Fact]
    public async Task Score_BadRecordingAmongGoodOnes_SpoilsOnlyItself()
    {
        var inputs = new JsonObject { ["inputs"] = new JsonArray(Input("a", ToneSpeech.Say("YES")), Input("b", new short[100], 8_000), Input("c", new short[1])) };

        var results = (await ScoreAsync(inputs))["results"].ShouldNotBeNull().AsArray();

        ((string?)results[0]?["text"]).ShouldBe("YES");
        ((string?)results[1]?["error"]).ShouldNotBeNull().ShouldContain("resample");
        results[2]?.ToJsonString().ShouldBe("""{"id":"c","text":""}""");
    }

    [Fact]
    public async Task Score_ManyAtATime_EachGetsItsOwn()
    {
        string[] texts = ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT"];

        var answers = await Task.WhenAll(texts.Concat(texts).Concat(texts).Select(async text =>
            (text, answer: await ScoreAsync(new JsonObject { ["inputs"] = new JsonArray(Input(text, ToneSpeech.Say(text))) }))));

        answers.ShouldAllBe(pair => (string?)pair.answer["results"]![0]!["text"] == pair.text);
    }

    [Theory]
    [InlineData("fleet-silo-1_2", "fleet-silo-1_2")]
    [InlineData("0123456789012345678901234567890123456789xyz", "0123456789012345678901234567890123456789")]
    [InlineData("no spaces", null)]
    [InlineData(null, null)]
    public async Task ClientRequestId_IsSentBackAsAzureWould(string? sent, string? back)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/score") { Content = new StringContent("{}") };
        if (sent is not null)
        {
            request.Headers.TryAddWithoutValidation("x-ms-client-request-id", sent);
        }

        using var response = await _client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (response.Headers.TryGetValues("x-ms-client-request-id", out var values) ? values.Single() : null).ShouldBe(back);
    }

    [Fact]
    public async Task Score_LongerThanItMayTake_Is504AndTheServerIsFreeAgain()
    {
        // A minute through these layers takes many seconds on one thread; the answer is due after one.
        using var slow = ModelFolder.With(new ToneModel { UselessLayers = 1_000 });
        await using var server = await StartAsync(slow, "--Fleet:ScoringServer:Workers=1", "--Fleet:ScoringServer:RequestTimeoutSeconds=1");
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        var body = new JsonObject { ["inputs"] = new JsonArray(Input("a", new short[75 * 16_000])) }.ToJsonString();

        using var response = await client.PostAsync("/score", new StringContent(body));

        response.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        response.Headers.RetryAfter.ShouldNotBeNull();
        (await response.Content.ReadAsStringAsync()).ShouldContain("within 1 s");
        using var next = await client.PostAsync("/score", new StringContent(new JsonObject { ["inputs"] = new JsonArray(Input("b", ToneSpeech.Say("HI"))) }.ToJsonString()));
        (await next.Content.ReadAsStringAsync()).ShouldContain("\"text\":\"HI\"");
        await server.StopAsync();
    }

    [Fact]
    public async Task Score_OneOfTwoIsLate_TheOtherHasItsText()
    {
        using var slow = ModelFolder.With(new ToneModel { UselessLayers = 1_000 });
        await using var server = await StartAsync(slow, "--Fleet:ScoringServer:Workers=1", "--Fleet:ScoringServer:RequestTimeoutSeconds=2");
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        var body = new JsonObject { ["inputs"] = new JsonArray(Input("long", new short[75 * 16_000]), Input("short", ToneSpeech.Say("HI"))) }.ToJsonString();

        using var response = await client.PostAsync("/score", new StringContent(body));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var results = JsonNode.Parse(await response.Content.ReadAsStringAsync())?["results"].ShouldNotBeNull();
        (results?[0]?["code"]?.GetValue<string>(), results?[0]?["text"]).ShouldBe(("timeout", null));
        results?[0]?["error"]?.GetValue<string>().ShouldBe("It was not recognised within 2 s: send it again, with fewer others.");
        results?[1]?["text"]?.GetValue<string>().ShouldBe("HI");
        await server.StopAsync();
    }

    [Fact]
    public async Task Start_ModelMissing_SaysWhat()
    {
        var failure = await Should.ThrowAsync<RecogniserUnavailableException>(() => ScoringServer.StartAsync(
        [
            "--Fleet:ScoringServer:Listen=127.0.0.1:0", "--Fleet:ScoringServer:TrustPlatformKeys=true", "--Fleet:ScoringServer:Engine=wav2vec2",
            "--Fleet:ScoringServer:ModelFolder=/nowhere",
        ]));

        failure.Message.ShouldContain("There is no model.onnx in '/nowhere'");
    }

    private static Task<WebApplication> StartAsync(ModelFolder model, params string[] settings) => ScoringServer.StartAsync(
    [
        "--Fleet:ScoringServer:Listen=127.0.0.1:0", "--Fleet:ScoringServer:TrustPlatformKeys=true", "--Fleet:ScoringServer:Engine=wav2vec2",
        // As Azure ML gives it: a folder above the model.
        $"--AZUREML_MODEL_DIR={Path.GetDirectoryName(model.Path)}", .. settings,
    ]);

    private async Task<JsonNode> ScoreAsync(JsonNode body)
    {
        using var response = await _client.PostAsync("/score", new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text).ShouldNotBeNull();
    }

    private static JsonObject Input(string id, short[] samples, int rate = 16_000) =>
        new() { ["id"] = id, ["sample_rate"] = rate, ["audio"] = Convert.ToBase64String(MemoryMarshal.AsBytes(samples.AsSpan())) };
}
