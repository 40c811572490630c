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
    [property: JsonPropertyName("error"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null);

/// <summary>A request that was not served, and what to change.</summary>
internal sealed record ErrorResponse([property: JsonPropertyName("error")] string Error);
