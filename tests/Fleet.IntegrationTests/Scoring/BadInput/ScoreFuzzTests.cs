using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.IntegrationTests.Audio;

namespace Fleet.IntegrationTests.Scoring.BadInput;

/// <summary>Good bodies that were damaged, the same in each run: every answer is 200 or a 4xx, always JSON, never late.</summary>
public sealed class ScoreFuzzTests(StrictScoringServer server) : IClassFixture<StrictScoringServer>
{
    private const int Bodies = 1_500;

    private static readonly string _shortSilence = Convert.ToBase64String(new byte[320]);

    private static readonly string[] _good =
    [
        """{"data":[0,0.25,-0.25,0.5]}""",
        """{"data":[[1,2,3,4],[5,6,7,8]]}""",
        ScoreBodies.Inputs(ScoreBodies.Item("a", _shortSilence), ScoreBodies.Item("b", _shortSilence)),
        """{"extra":{"deep":[1,{"x":null}]},"data":[0,0,0]}""",
    ];

    private static readonly string[] _pieces =
    [
        "[", "]", "{", "}", ",", ":", "\"", "\\u0000", "\\ud800", "null", "true", "NaN", "1e999", "-1e-999", "-0", "99999999999999999999", "\"data\":", "\"inputs\":",
        "\"id\":", "\"sample_rate\":", "\"audio\":", "[[[[[[[[", "\u0000", "\uFEFF", "é", "/*", " ", "\n", "1.", ".5", "0x10",
    ];

    [SpeechFact]
    public async Task Bodies_Damaged_AreAnsweredWith200Or4xxInJson()
    {
        var answers = new Dictionary<HttpStatusCode, int>();
        for (var seed = 0; seed < Bodies; seed++)
        {
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            using var response = await server.Client.PostAsync("/score", new ByteArrayContent(Damage(new Random(seed))), late.Token);
            var text = await response.Content.ReadAsStringAsync(late.Token);

            ((int)response.StatusCode is 200 or (>= 400 and < 500)).ShouldBeTrue($"seed {seed}: {(int)response.StatusCode} {text}");
            JsonNode.Parse(text).ShouldBeOfType<JsonObject>($"seed {seed}");
            answers[response.StatusCode] = answers.GetValueOrDefault(response.StatusCode) + 1;
        }

        // Damage that always or never shows tests little.
        answers.GetValueOrDefault(HttpStatusCode.OK).ShouldBeGreaterThan(Bodies / 20);
        answers.GetValueOrDefault(HttpStatusCode.BadRequest).ShouldBeGreaterThan(Bodies / 4);
        await server.OthersAreServedAsync();
    }

    private static byte[] Damage(Random random)
    {
        var body = Encoding.UTF8.GetBytes(_good[random.Next(_good.Length)]).ToList();
        for (var i = random.Next(1, 4); i > 0 && body.Count > 0; i--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(5))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveRange(at, Math.Min(random.Next(1, 12), body.Count - at));
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(_pieces[random.Next(_pieces.Length)]));
                    break;
                case 3:
                    body.InsertRange(at, body.GetRange(at, Math.Min(random.Next(1, 40), body.Count - at)));
                    break;
                default:
                    body[at] = (byte)random.Next('0', '9' + 1);
                    break;
            }
        }

        return [.. body];
    }
}
