using System.Text;
using Fleet.Testing;
using Fleet.Testing.FakeScorer;
using Fleet.V1;
using Microsoft.AspNetCore.Http;

namespace Fleet.IntegrationTests.Silo.BadInput;

/// <summary>Answers that no endpoint should give: each ends as a text or as failed with its reason, and nothing else waits for it.</summary>
public sealed class ScorerAnswerTests : SiloTestBase
{
    private const string NotJson = "The endpoint answered 200 with a body that is not JSON of valid text.";
    private const string NoResult = "The endpoint answered without a result for this utterance.";
    private const string OtherFormat = "The endpoint answered 200 with a body of another format; see Fleet:Scoring:Format.";

    // Retried soon, given up soon.
    private static readonly Dictionary<string, string?> _impatient = new()
    {
        ["Fleet:Scoring:TimeoutSeconds"] = "2",
        ["Fleet:Scoring:MaxAttempts"] = "2",
        ["Fleet:Scoring:GiveUpAfterSeconds"] = "0",
        ["Fleet:Scoring:MaxBackOffMs"] = "50",
    };

    private static readonly (string What, Func<ScorerCall, ScorerReply> Reply, UtteranceStatus Status, string TextOrReason)[] _rows =
    [
        ("U+0000", call => ScorerReply.Text(call, "a\\u0000b"), UtteranceStatus.Transcribed, "ab"),
        ("1 MB of text", call => ScorerReply.Text(call, new string('x', 1_000_000)), UtteranceStatus.Transcribed, new string('x', 16_384)),
        ("half a surrogate pair", call => ScorerReply.Text(call, "a\\ud800"), UtteranceStatus.Failed, NotJson),
        ("not JSON", _ => new ScorerReply(200, "it works"), UtteranceStatus.Failed, NotJson),
        ("HTML", _ => new ScorerReply(200, "<html><body>It works!</body></html>"), UtteranceStatus.Failed, NotJson),
        ("nothing", _ => new ScorerReply(200, ""), UtteranceStatus.Failed, NotJson),
        ("no results", _ => new ScorerReply(200, """{"results":[]}"""), UtteranceStatus.Failed, NoResult),
        ("foreign ids", _ => new ScorerReply(200, """{"results":[{"id":"1","text":"a"},{"id":"2","text":"b"}]}"""), UtteranceStatus.Failed, NoResult),
        ("the other format", _ => new ScorerReply(200, """{"result":"TEXT"}"""), UtteranceStatus.Failed, OtherFormat),
        ("NaN as confidence", call => new ScorerReply(200, $$"""{"results":[{"id":"{{call.UtteranceId}}","text":"a","confidence":NaN}]}"""), UtteranceStatus.Failed, NotJson),
        ("a text as confidence", call => new ScorerReply(200, $$"""{"results":[{"id":"{{call.UtteranceId}}","text":"a","confidence":"high"}]}"""), UtteranceStatus.Transcribed, "a"),
        ("an endless body", _ => ScorerReply.By(EndlessAsync), UtteranceStatus.Failed, "The endpoint's answer is longer than 4 MiB."),
        ("204", _ => ScorerReply.By(context => Task.FromResult(context.Response.StatusCode = 204)), UtteranceStatus.Failed, "The endpoint answered 204."),
        ("a cut in the middle", _ => ScorerReply.By(CutAsync), UtteranceStatus.Failed, "The endpoint broke the connection off: "),
        ("a body that drips", _ => ScorerReply.By(DripAsync), UtteranceStatus.Failed, "The endpoint gave no answer within 2 s."),
        ("500", _ => new ScorerReply(500, "boom\u0000"), UtteranceStatus.Failed, "The endpoint answered 500: boom"),
        ("503", _ => new ScorerReply(503, ""), UtteranceStatus.Failed, "The endpoint answered 503."),
    ];

    [PostgresFact]
    public async Task Answers_Bad_EndEachUtteranceAndHoldUpNoOther()
    {
        // Which row it is shows in the length of the audio.
        Scorer.Answer = call => Task.FromResult(
            (call.Pcm.Length / 2) - 1_000 is >= 0 and var row && row < _rows.Length ? _rows[row].Reply(call) : ScorerReply.Text(call, "fine"));
        await using var silo = await StartSiloAsync(_impatient);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var ids = new Dictionary<string, int>();
        for (var row = 0; row < _rows.Length; row++)
        {
            ids.Add((await device.SendUtteranceAsync(TestDevice.Pcm(2_000 + (2 * row)))).ToString("D"), row);
        }

        await using var other = silo.NewDevice();
        await other.ConnectAsync();
        var good = await other.SendUtteranceAsync(TestDevice.Pcm(320));
        await other.StoredAsync(good);
        (await other.TranscriptAsync(good)).Text.ShouldBe("fine");

        while (ids.Count > 0)
        {
            var message = await device.NextAsync();
            if (message.KindCase == CloudMessage.KindOneofCase.Transcript)
            {
                ids.Remove(message.Transcript.UtteranceId, out var row).ShouldBeTrue();
                message.Transcript.Status.ShouldBe(_rows[row].Status, _rows[row].What);
                (message.Transcript.Text + message.Transcript.Reason).ShouldStartWith(_rows[row].TextOrReason, Case.Sensitive, _rows[row].What);
                message.Transcript.HasConfidence.ShouldBe(_rows[row].What is "U+0000" or "1 MB of text", _rows[row].What);
            }
        }

        silo.Logs.Errors.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Redirect_IsNotFollowedAndUtterancesWait()
    {
        await using var elsewhere = await FakeScorer.StartAsync();
        var mended = false;
        Scorer.Answer = call => Task.FromResult(mended
            ? ScorerReply.Text(call, "here")
            : new ScorerReply(307, "") { Headers = new Dictionary<string, string> { ["Location"] = elsewhere.Endpoint.ToString() } });
        await using var silo = await StartSiloAsync(_impatient);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();
        var id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);

        await EventuallyAsync(
            async () => (await silo.GetAsync("/healthz/ready")).Body.Contains(
                "transcripts wait: The endpoint answered 307. Redirects are not followed: set Fleet:Scoring:Endpoint to the final address.", StringComparison.Ordinal),
            "readiness names the redirect");
        mended = true;

        (await device.TranscriptAsync(id)).Text.ShouldBe("here");
        elsewhere.Calls.ShouldBeEmpty();
    }

    [PostgresFact]
    public async Task Outage_ThatRefusesEverything_FailsNothing()
    {
        var calls = 0;
        Scorer.Answer = call => Task.FromResult(Interlocked.Increment(ref calls) switch
        {
            < 20 => new ScorerReply(500, "starting"),
            < 40 => new ScorerReply(400, "wrong model"),
            _ => ScorerReply.Text(call, "at last"),
        });
        await using var silo = await StartSiloAsync(_impatient);
        await using var device = silo.NewDevice();
        await device.ConnectAsync();

        var id = await device.SendUtteranceAsync(TestDevice.Pcm(320));
        await device.StoredAsync(id);

        (await device.TranscriptAsync(id)).Text.ShouldBe("at last");
    }

    private static async Task EndlessAsync(HttpContext context)
    {
        var piece = Encoding.ASCII.GetBytes(new string('[', 64 * 1024));
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(piece);
        }
    }

    private static async Task CutAsync(HttpContext context)
    {
        context.Response.ContentLength = 1_000;
        await context.Response.Body.WriteAsync("{\"results\":["u8.ToArray());
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    private static async Task DripAsync(HttpContext context)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync(context.RequestAborted))
        {
            await context.Response.Body.WriteAsync("["u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
