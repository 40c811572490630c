using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Audio;
using Fleet.IntegrationTests.Audio;
using Fleet.Scoring.Hosting;

namespace Fleet.IntegrationTests.Scoring;

/// <summary>The scoring server as its callers see it: Kestrel on loopback, real decoders, real speech.</summary>
public sealed class ScoringServerTests(ScoringServerFixture server) : IClassFixture<ScoringServerFixture>
{
    private readonly HttpClient _client = server.Client;

    [SpeechFact]
    public async Task Score_TheSameSpeechInAllThreeBodies_GivesTheDecodersOwnText()
    {
        string[] names = ["conference-recorded.wav", "who-sent-this.wav"];
        var speech = names.Select(Samples.Read).ToArray();
        using var decoder = PocketSphinxDecoder.Load();
        var expected = speech.Select(samples => decoder.Decode(samples).Text).ToArray();
        expected[0].ShouldBe("the conference is now being recorded");

        var floats = await ScoreAsync(new JsonObject { ["data"] = Numbers(speech[0].Select(static s => s / 32768.0)) });
        var integers = await ScoreAsync(new JsonObject { ["data"] = Numbers(speech[0].Select(static s => (double)s)) });
        var list = await ScoreAsync(new JsonObject { ["data"] = new JsonArray([.. speech.Select(static s => Numbers(s.Select(static v => (double)v)))]) });
        var inputs = await ScoreAsync(Inputs(speech.Select((samples, i) => Input(names[i], samples))));

        floats.ToJsonString().ShouldBe($$"""{"result":"{{expected[0]}}"}""");
        integers.ToJsonString().ShouldBe(floats.ToJsonString());
        list["result"].ShouldNotBeNull().AsArray().Select(static text => (string?)text).ShouldBe(expected);
        var results = inputs["results"].ShouldNotBeNull().AsArray();
        results.Select(static result => (string?)result?["id"]).ShouldBe(names);
        results.Select(static result => (string?)result?["text"]).ShouldBe(expected);
        results.ShouldAllBe(result => (float)result!["confidence"]! > 0 && (float)result["confidence"]! <= 1);
    }

    [SpeechFact]
    public async Task Score_Silence_IsAnEmptyText()
    {
        var data = await ScoreAsync(new JsonObject { ["data"] = Numbers(new double[8_000]) });
        var inputs = await ScoreAsync(Inputs([Input("a", new short[8_000])]));

        data.ToJsonString().ShouldBe("""{"result":""}""");
        inputs.ToJsonString().ShouldBe("""{"results":[{"id":"a","text":""}]}""");
    }

    [SpeechFact]
    public async Task Score_Answered_SaysWhoHeardItAndThatBodiesMayBeGzip()
    {
        using var response = await PostAsync(Inputs([Input("a", new short[8_000])]).ToJsonString());

        response.Headers.GetValues("x-fleet-engine").ShouldBe(["pocketsphinx"]);
        response.Headers.GetValues("x-fleet-model").ShouldBe(["en-us"]);
        response.Headers.GetValues("Accept-Encoding").ShouldBe(["gzip"]);
    }

    [SpeechFact]
    public async Task Score_OneBadRecordingAmongOthers_SpoilsOnlyItself()
    {
        var wrongRate = Input("slow", new short[800], rate: 8_000);
        var tooLong = Input("long", new short[(ScoringServerFixture.MaxSeconds * 16_000) + 1]);

        var answer = await ScoreAsync(Inputs([wrongRate, Input("good", Samples.Read("conference-recorded.wav")), tooLong]));

        var results = answer["results"].ShouldNotBeNull().AsArray();
        results.Select(static result => (string?)result?["id"]).ShouldBe(["slow", "good", "long"]);
        ((string?)results[0]?["error"]).ShouldBe("inputs[0].sample_rate is 8000: resample the audio to 16000.");
        ((string?)results[1]?["text"]).ShouldBe("the conference is now being recorded");
        ((string?)results[2]?["error"]).ShouldNotBeNull().ShouldContain("send shorter recordings");
    }

    public static TheoryData<string, HttpStatusCode, string> Refused => new()
    {
        { "hello", HttpStatusCode.BadRequest, "not JSON" },
        { "", HttpStatusCode.BadRequest, "not JSON" },
        { "[1,2]", HttpStatusCode.BadRequest, "not a JSON object" },
        { "{}", HttpStatusCode.BadRequest, "neither \"data\" nor \"inputs\"" },
        { """{"data":[0.1,NaN]}""", HttpStatusCode.BadRequest, "NaN" },
        { """{"data":[0.1,null]}""", HttpStatusCode.BadRequest, "data[1] is not a finite number" },
        { """{"data":[1e999]}""", HttpStatusCode.BadRequest, "not a finite number" },
        { """{"data":[0.5,40000]}""", HttpStatusCode.BadRequest, "±32768" },
        { """{"data":[]}""", HttpStatusCode.BadRequest, "no samples" },
        { """{"data":"AAAA"}""", HttpStatusCode.BadRequest, "not an array" },
        { """{"data":[[0.1],[]]}""", HttpStatusCode.BadRequest, "data[1] has no samples" },
        { """{"data":[[0.1],7]}""", HttpStatusCode.BadRequest, "data[1]" },
        { """{"data":[[1],[1],[1],[1]]}""", HttpStatusCode.RequestEntityTooLarge, "more than 3" },
        { """{"data":[1],"inputs":[]}""", HttpStatusCode.BadRequest, "more than one" },
        { """{"data":[1]} {}""", HttpStatusCode.BadRequest, "JSON" },
        { """{"inputs":[]}""", HttpStatusCode.BadRequest, "empty" },
        { """{"inputs":[{"sample_rate":16000,"audio":"AAAA"}]}""", HttpStatusCode.BadRequest, "inputs[0].id" },
        { """{"inputs":[{"id":"a","audio":"AAAA"}]}""", HttpStatusCode.BadRequest, "sample_rate is missing" },
        { """{"inputs":[{"id":"a","sample_rate":44100,"audio":"AAAA"}]}""", HttpStatusCode.BadRequest, "44100" },
        { """{"inputs":[{"id":"a","sample_rate":16000}]}""", HttpStatusCode.BadRequest, "no samples" },
        { """{"inputs":[{"id":"a","sample_rate":16000,"audio":"!"}]}""", HttpStatusCode.BadRequest, "not base64" },
        { """{"inputs":[{"id":"a","sample_rate":16000,"audio":"AAAA"}]}""", HttpStatusCode.BadRequest, "half a sample" },
    };

    [SpeechFact]
    public async Task Score_WrongBody_SaysWhatToChange()
    {
        foreach (var row in Refused)
        {
            var (body, status, message) = ((string)row[0], (HttpStatusCode)row[1], (string)row[2]);
            using var response = await PostAsync(body);

            response.StatusCode.ShouldBe(status, body);
            (await ErrorAsync(response)).ShouldContain(message, Case.Sensitive, body);
        }
    }

    [SpeechFact]
    public async Task Score_TooLong_Is413()
    {
        using var recording = await PostAsync(new JsonObject { ["data"] = Numbers(new double[(ScoringServerFixture.MaxSeconds * 16_000) + 1]) }.ToJsonString());
        using var announced = await PostAsync(new string(' ', 4_000_001));
        using var chunked = await _client.PostAsync("/score", new StreamContent(new UnknownLength(new byte[4_000_001])));

        recording.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await ErrorAsync(recording)).ShouldContain("128000 samples");
        announced.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await ErrorAsync(announced)).ShouldContain("4000000 bytes");
        chunked.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [SpeechFact]
    public async Task Score_WithoutTheRightKey_Is401()
    {
        foreach (var key in (string?[])[null, "", "wrong", "x" + _client.DefaultRequestHeaders.Authorization?.Parameter])
        {
            using var client = new HttpClient { BaseAddress = _client.BaseAddress };
            client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            using var response = await client.PostAsync("/score", new StringContent("""{"data":[1]}"""));

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            (await ErrorAsync(response)).ShouldContain("Authorization: Bearer");
        }

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(server.KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [SpeechFact]
    public async Task Get_Probes_AnswerWithoutAKey()
    {
        using var client = new HttpClient { BaseAddress = _client.BaseAddress };

        (await client.GetStringAsync("/")).ShouldContain("alive");
        (await client.GetStringAsync("/ready")).ShouldContain("ready");
        using var elsewhere = await client.GetAsync("/elsewhere");
        elsewhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ErrorAsync(elsewhere)).ShouldContain("POST /score");
    }

    [SpeechFact]
    public async Task Score_MoreThanTheQueueHolds_Is429WithRetryAfterAndAStopFinishesTheRest()
    {
        var keyFile = server.KeyFile + ".small";
        var small = await ScoringServer.StartAsync(
        [
            "--Fleet:ScoringServer:Listen=127.0.0.1:0", $"--Fleet:ScoringServer:KeyFile={keyFile}", "--Fleet:ScoringServer:Workers=1",
            "--Fleet:ScoringServer:QueueLength=1",
        ]);
        try
        {
            using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan };
            using var client = new HttpClient(handler) { BaseAddress = new Uri(small.Urls.Single()) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(keyFile)).Trim());
            var body = Inputs([Input("a", Samples.Read("conference-recorded.wav"))]).ToJsonString();
            using var first = new Gate();
            using var second = new Gate();

            // Two requests whose bodies do not come take the decoder's place and the queue's.
            var held = new[] { PostWhenAskedAsync(client, first), PostWhenAskedAsync(client, second) };
            await Task.WhenAll(first.Asked, second.Asked).WaitAsync(TimeSpan.FromSeconds(30));
            using var refused = await client.PostAsync("/score", new StringContent(body));

            refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            first.Open(body);
            (await held[0]).StatusCode.ShouldBe(HttpStatusCode.OK);

            var stopped = small.StopAsync();
            second.Open(body);
            (await (await held[1]).Content.ReadAsStringAsync()).ShouldContain("the conference is now being recorded");
            await stopped;
        }
        finally
        {
            await small.DisposeAsync();
            File.Delete(keyFile);
        }
    }

    /// <summary>Sends the body only when the server wants to read it, that is, when it has let the request in.</summary>
    private static Task<HttpResponseMessage> PostWhenAskedAsync(HttpClient client, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/score") { Content = content };
        request.Headers.ExpectContinue = true;
        return client.SendAsync(request);
    }

    private async Task<JsonNode> ScoreAsync(JsonNode body)
    {
        using var response = await PostAsync(body.ToJsonString());
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text).ShouldNotBeNull();
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _client.PostAsync("/score", new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<string> ErrorAsync(HttpResponseMessage response) =>
        (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())?["error"] ?? "(no error in the answer)";

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(static value => (JsonNode)value)]);

    private static JsonObject Inputs(IEnumerable<JsonObject> inputs) => new() { ["inputs"] = new JsonArray([.. inputs]) };

    private static JsonObject Input(string id, short[] samples, int rate = 16_000) =>
        new() { ["id"] = id, ["sample_rate"] = rate, ["audio"] = Convert.ToBase64String(MemoryMarshal.AsBytes(samples.AsSpan())) };

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>A body that comes when it is let.</summary>
    private sealed class Gate : HttpContent
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<string> _body = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public void Open(string body) => _body.TrySetResult(body);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _asked.TrySetResult();
            await stream.WriteAsync(Encoding.UTF8.GetBytes(await _body.Task));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
