using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.IntegrationTests.Audio;

namespace Fleet.IntegrationTests.Scoring.BadInput;

/// <summary>Bodies that say something else than they should.</summary>
public sealed class ScoreBodyTests(StrictScoringServer server) : IClassFixture<StrictScoringServer>
{
    private static readonly string _hourOfAudio = Convert.ToBase64String(new byte[2 * 16_000 * 80]);

    private static readonly Dictionary<string, (Func<string> Body, HttpStatusCode Status, string Sentence)> _refused = new()
    {
        ["no JSON"] = (() => "hello", HttpStatusCode.BadRequest, "The body is not JSON, or nested more than 64 deep (line 1, byte 0)."),
        ["a JSON text"] = (() => "\"hello\"", HttpStatusCode.BadRequest, "The body is not a JSON object."),
        ["wrong shape"] = (() => """{"instances":[1,2]}""", HttpStatusCode.BadRequest, "The body has neither \"data\" nor \"inputs\"."),
        ["NaN"] = (() => """{"data":[0.1,NaN]}""", HttpStatusCode.BadRequest, "The body is not JSON, or nested more than 64 deep (line 1, byte 13). NaN and Infinity are not JSON numbers."),
        ["Infinity"] = (() => """{"data":[-Infinity]}""", HttpStatusCode.BadRequest, "The body is not JSON"),
        ["a number beyond double"] = (() => """{"data":[1e999]}""", HttpStatusCode.BadRequest, "data[0] is not a finite number: send samples as numbers."),
        ["texts in data"] = (() => """{"data":["0.1","0.2"]}""", HttpStatusCode.BadRequest, "data[0] is not a finite number: send samples as numbers."),
        ["a text among samples"] = (() => """{"data":[0.1,"0.2"]}""", HttpStatusCode.BadRequest, "data[1] is not a finite number: send samples as numbers."),
        ["wrong rate"] = (() => ScoreBodies.Inputs(ScoreBodies.Item("a", rate: "44100")), HttpStatusCode.BadRequest, "inputs[0].sample_rate is 44100: resample the audio to 16000."),
        ["longer than the limit"] = (() => ScoreBodies.Inputs(ScoreBodies.Item("a", _hourOfAudio)), HttpStatusCode.RequestEntityTooLarge, "inputs[0].audio has 1280000 samples, the limit is 1200000: send shorter recordings."),
        ["10,000 items"] = (() => ScoreBodies.Inputs(Enumerable.Range(0, 10_000).Select(i => ScoreBodies.Item($"{i}", "AAAA"))), HttpStatusCode.RequestEntityTooLarge, "\"inputs\" has more than 32 recordings: send fewer in one request."),
        ["10,000 brackets"] = (() => """{"x":""" + new string('[', 10_000), HttpStatusCode.BadRequest, "The body is not JSON, or nested more than 64 deep"),
        ["10,000 brackets in data"] = (() => """{"data":""" + new string('[', 10_000), HttpStatusCode.BadRequest, "data[0][0] is not a finite number"),
        ["duplicate ids"] = (() => ScoreBodies.Inputs(ScoreBodies.Item("a"), ScoreBodies.Item("a")), HttpStatusCode.BadRequest, "inputs[1].id was there before: give each recording an id of its own"),
        ["missing id"] = (() => $$"""{"inputs":[{"sample_rate":16000,"audio":"{{ScoreBodies.Silence}}"}]}""", HttpStatusCode.BadRequest, "inputs[0].id is not a text of 1 to 200 characters"),
        ["half a surrogate pair in an id"] = (() => ScoreBodies.Inputs(ScoreBodies.Item("\\ud800")), HttpStatusCode.BadRequest, "The body has a text that is not UTF-8, or half a surrogate pair."),
        ["not base64"] = (() => ScoreBodies.Inputs(ScoreBodies.Item("a", "!!!!")), HttpStatusCode.BadRequest, "inputs[0].audio is not base64"),
        ["odd bytes"] = (() => ScoreBodies.Inputs(ScoreBodies.Item("a", "AAAA")), HttpStatusCode.BadRequest, "inputs[0].audio has 3 bytes, half a sample too many"),
        ["no audio"] = (() => ScoreBodies.Inputs(ScoreBodies.Item("a", "")), HttpStatusCode.BadRequest, "inputs[0].audio has no samples"),
        ["two bodies"] = (() => ScoreBodies.Good + ScoreBodies.Good, HttpStatusCode.BadRequest, "The body"),
    };

    // xunit wants theories to be rows of what can be printed: the names.
    [SpeechFact]
    public async Task Body_Wrong_IsAnsweredWithWhatToChange()
    {
        foreach (var (what, (body, status, sentence)) in _refused)
        {
            using var response = await server.PostAsync(body());

            response.StatusCode.ShouldBe(status, what);
            (await StrictScoringServer.ErrorAsync(response)).ShouldStartWith(sentence, Case.Sensitive, what);
        }

        await server.OthersAreServedAsync();
    }

    [SpeechFact]
    public async Task Text_NotUtf8_IsAnsweredWithWhatToChange()
    {
        var body = Encoding.UTF8.GetBytes(ScoreBodies.Inputs(ScoreBodies.Item("xy")));
        var at = body.AsSpan().IndexOf("xy"u8);
        (body[at], body[at + 1]) = (0xC3, 0x28);

        using var response = await server.PostAsync(new ByteArrayContent(body));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await StrictScoringServer.ErrorAsync(response)).ShouldStartWith("The body");
    }

    [SpeechFact]
    public async Task Items_BadAmongGood_SpoilOnlyThemselves()
    {
        string[] items =
        [
            ScoreBodies.Item("good-1"), ScoreBodies.Item("rate", rate: "8000"), ScoreBodies.Item("odd", "AAAA"), ScoreBodies.Item("text", "%"),
            $$"""{"sample_rate":16000,"audio":"{{ScoreBodies.Silence}}"}""", """{"id":"empty"}""", ScoreBodies.Item("long", _hourOfAudio), ScoreBodies.Item("good-2"),
        ];

        using var response = await server.PostAsync(ScoreBodies.Inputs(items));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var results = JsonNode.Parse(await response.Content.ReadAsStringAsync()).ShouldNotBeNull()["results"].ShouldNotBeNull().AsArray();
        results.Select(result => (string?)result?["id"]).ShouldBe(["good-1", "rate", "odd", "text", "", "empty", "long", "good-2"]);
        results.Select(result => result?["error"] is not null).ShouldBe([false, true, true, true, true, true, true, false]);
        results.Select(result => (string?)result?["text"] is "").ShouldBe([true, false, false, false, false, false, false, true]);
    }

    [SpeechFact]
    public async Task Audio_OfAnHour_IsRefusedBeforeItIsRead()
    {
        // 1 h of 16-bit PCM in base64; only its announcement is sent.
        using var body = new AnnouncedContent(3_600L * 32_000 * 4 / 3);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/score") { Content = body };
        request.Headers.ExpectContinue = true;

        using var response = await server.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await StrictScoringServer.ErrorAsync(response)).ShouldStartWith("The body is larger than 24000000 bytes: send fewer or shorter recordings");
        body.WasRead.ShouldBeFalse();
        await server.OthersAreServedAsync();
    }

    private sealed class AnnouncedContent(long length) : HttpContent
    {
        public bool WasRead { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            WasRead = true;
            return Task.CompletedTask;
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
