using System.Text.Json.Serialization;

namespace Fleet.Scoring.Score;

/// <summary>The answer to one recording sent as `data`.</summary>
internal sealed record SingleResponse([property: JsonPropertyName("result")] string Result);

/// <summary>The answer to a list of recordings sent as `data`.</summary>
internal sealed record ListResponse([property: JsonPropertyName("result")] IReadOnlyList<string> Result);

/// <summary>The answer to `inputs`.</summary>
internal sealed record InputsResponse([property: JsonPropertyName("results")] IReadOnlyList<InputResult> Results);

/// <summary>The answer to one of `inputs`: a text with its confidence, or an error.</summary>
internal sealed record InputResult(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("text"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text = null,
    [property: JsonPropertyName("confidence"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] float? Confidence = null,
    [property: JsonPropertyName("error"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null)
{
    /// <summary>With an error that is not the recording's: timeout, its time was up before it was recognised.</summary>
    [JsonPropertyName("code"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Code { get; init; }

    /// <summary>What else it may have been, best first; at most 10.</summary>
    [JsonPropertyName("alternatives"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AlternativeResult>? Alternatives { get; init; }

    /// <summary>The words of the text in order.</summary>
    [JsonPropertyName("words"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<WordResult>? Words { get; init; }
}

/// <summary>Another text that a recording may have been.</summary>
internal sealed record AlternativeResult([property: JsonPropertyName("text")] string Text, [property: JsonPropertyName("confidence")] float Confidence);

/// <summary>One word: its place in the recording in milliseconds, and how sure the engine is of it.</summary>
internal sealed record WordResult(
    [property: JsonPropertyName("word")] string Word,
    [property: JsonPropertyName("start_ms")] int StartMilliseconds,
    [property: JsonPropertyName("end_ms")] int EndMilliseconds,
    [property: JsonPropertyName("confidence")] float Confidence);

/// <summary>A request that was not served, and what to change.</summary>
internal sealed record ErrorResponse([property: JsonPropertyName("error")] string Error);
