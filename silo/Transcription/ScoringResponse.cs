using System.Text.Json;
using Fleet.Storage;

namespace Fleet.Silo.Transcription;

/// <summary>Reads the bodies with which endpoints answer. Never makes a text up: what it does not understand is a fault.</summary>
internal static class ScoringResponse
{
    private const int LongestReason = 300;

    public static ScoreResult Read(ScoringFormat format, Guid utteranceId, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(format, utteranceId, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is half a surrogate pair.
            return ScoreResult.Failed("The endpoint answered 200 with a body that is not JSON of valid text.");
        }
    }

    /// <summary>A text from elsewhere, short enough and clean enough for a log and a row.</summary>
    public static string Clean(string text)
    {
        var clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length <= LongestReason ? clean : clean[..LongestReason] + "…";
    }

    private static ScoreResult Read(ScoringFormat format, Guid utteranceId, JsonElement root)
    {
        // A scoring file that returns json.dumps(…) is answered as a JSON string that holds the JSON.
        if (root.ValueKind == JsonValueKind.String)
        {
            using var inner = JsonDocument.Parse(root.GetString() ?? "");
            return inner.RootElement.ValueKind == JsonValueKind.String ? NotUnderstood() : Read(format, utteranceId, inner.RootElement);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return NotUnderstood();
        }

        return format == ScoringFormat.Batch ? ReadBatch(utteranceId, root) : ReadSingle(root);
    }

    private static ScoreResult ReadSingle(JsonElement root) =>
        root.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.String ? Recognised(root, result) : NotUnderstood();

    private static ScoreResult ReadBatch(Guid utteranceId, JsonElement root)
    {
        if (!root.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array)
        {
            return NotUnderstood();
        }

        foreach (var item in results.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object
                || !item.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.String
                || !string.Equals(id.GetString(), utteranceId.ToString("D"), StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (item.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String)
            {
                return ScoreResult.Refused("The endpoint refused it: " + Clean(error.GetString() ?? ""), "The endpoint refused it; its row has the reason.") with { IsAboutUtterance = true };
            }

            return item.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? Recognised(item, text) : NotUnderstood();
        }

        return ScoreResult.Failed("The endpoint answered without a result for this utterance.");
    }

    private static ScoreResult Recognised(JsonElement item, JsonElement text) => new(ScoreOutcome.Recognised)
    {
        Text = Transcript(text.GetString() ?? ""),
        Confidence = item.TryGetProperty("confidence", out var confidence) && confidence.ValueKind == JsonValueKind.Number
            && confidence.TryGetSingle(out var value) && float.IsFinite(value)
                ? Math.Clamp(value, 0, 1)
                : null,
    };

    // PostgreSQL's text cannot hold U+0000; what is beyond the longest text that is kept, the device is not told either.
    private static string Transcript(string said)
    {
        var text = said.Replace("\0", "", StringComparison.Ordinal).Trim();
        const int Longest = UtteranceStore.MaxTextLength;
        return text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
    }

    private static ScoreResult NotUnderstood() => ScoreResult.Failed("The endpoint answered 200 with a body of another format; see Fleet:Scoring:Format.");
}
