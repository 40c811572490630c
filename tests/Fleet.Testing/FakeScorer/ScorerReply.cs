using Microsoft.AspNetCore.Http;

namespace Fleet.Testing.FakeScorer;

/// <summary>What the fake endpoint answers.</summary>
public sealed record ScorerReply(int StatusCode, string Body)
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Writes the answer instead; for what no endpoint should answer.</summary>
    public Func<HttpContext, Task>? Write { get; init; }

    public static ScorerReply By(Func<HttpContext, Task> write) => new(200, "") { Write = write };

    /// <summary>As our scoring server answers to one input.</summary>
    public static ScorerReply Text(ScorerCall call, string text) =>
        new(200, $$"""{"results":[{"id":"{{call.UtteranceId}}","text":"{{text}}","confidence":0.75}]}""")
        {
            Headers = new Dictionary<string, string> { ["x-fleet-engine"] = "fake", ["x-fleet-model"] = "fake-1" },
        };

    public static ScorerReply Error(ScorerCall call, string error) => new(200, $$"""{"results":[{"id":"{{call.UtteranceId}}","error":"{{error}}"}]}""");
}
