using System.Text.Json;
using Fleet.Storage;

namespace Fleet.Silo.Transcription;

/// <summary>Reads the bodies with which endpoints answer. Never makes a text up: what it does not understand is a fault.</summary>
internal static class ScoringResponse
{
    private const int LongestReason = 300;
    private const int MostAlternatives = 10;
    private const int MostWords = 2_000;

    private const string NoResult = "The endpoint answered without a result for this utterance.";
    private const string OtherFormat = "The endpoint answered 200 with a body of another format; see Fleet:Scoring:Format.";

    /// <summary>One result for each input, in their order; or a fault of the call.</summary>
    public static CallResult Read(ScoringFormat format, IReadOnlyList<ScoreInput> inputs, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(format, inputs, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is half a surrogate pair.
            return CallResult.Of(CallFault.Failed, "The endpoint answered 200 with a body that is not JSON of valid text.");
        }
    }

    /// <summary>A text from elsewhere, short enough and clean enough for a log and a row.</summary>
    public static string Clean(string text)
    {
        var clean = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length <= LongestReason ? clean : clean[..LongestReason] + "…";
    }

    private static CallResult Read(ScoringFormat format, IReadOnlyList<ScoreInput> inputs, JsonElement root)
    {
        // A scoring file that returns json.dumps(…) is answered as a JSON string that holds the JSON.
        if (root.ValueKind == JsonValueKind.String)
        {
            using var inner = JsonDocument.Parse(root.GetString() ?? "");
            return inner.RootElement.ValueKind == JsonValueKind.String ? NotUnderstood() : Read(format, inputs, inner.RootElement);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return NotUnderstood();
        }

        return format switch
        {
            ScoringFormat.Batch => ReadBatch(inputs, root),
            ScoringFormat.Single => root.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.String
                ? new CallResult { Items = [Recognised(root, result)] }
                : NotUnderstood(),
            _ => ReadList(inputs, root),
        };
    }

    private static CallResult ReadList(IReadOnlyList<ScoreInput> inputs, JsonElement root)
    {
        if (!root.TryGetProperty("result", out var results) || results.ValueKind != JsonValueKind.Array || results.GetArrayLength() != inputs.Count
            || results.EnumerateArray().Any(static text => text.ValueKind != JsonValueKind.String))
        {
            return NotUnderstood();
        }

        return new CallResult { Items = [.. results.EnumerateArray().Select(static text => new ScoreResult(ScoreOutcome.Recognised) { Text = Transcript(text.GetString() ?? "") })] };
    }

    private static CallResult ReadBatch(IReadOnlyList<ScoreInput> inputs, JsonElement root)
    {
        if (!root.TryGetProperty("results", out var results) || results.ValueKind != JsonValueKind.Array)
        {
            return NotUnderstood();
        }

        var found = new Dictionary<Guid, ScoreResult>();
        foreach (var item in results.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                && Guid.TryParseExact(id.GetString(), "D", out var utteranceId))
            {
                // The first one counts: a second answer to the same question is a fault of the endpoint.
                found.TryAdd(utteranceId, ReadItem(item));
            }
        }

        return new CallResult { Items = [.. inputs.Select(input => found.GetValueOrDefault(input.UtteranceId) ?? ScoreResult.Failed(NoResult))] };
    }

    private static ScoreResult ReadItem(JsonElement item)
    {
        if (item.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String)
        {
            if (Text(item, "code") == "timeout")
            {
                return ScoreResult.Failed("The endpoint had no time for it: " + Clean(error.GetString() ?? ""), cause: "The endpoint had no time for it.") with { IsLate = true };
            }

            return ScoreResult.Refused("The endpoint refused it: " + Clean(error.GetString() ?? ""), "The endpoint refused it; its row has the reason.") with { IsAboutUtterance = true };
        }

        return item.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? Recognised(item, text) : ScoreResult.Failed(OtherFormat);
    }

    private static ScoreResult Recognised(JsonElement item, JsonElement text) => new(ScoreOutcome.Recognised)
    {
        Text = Transcript(text.GetString() ?? ""),
        Confidence = Confidence(item),
        Alternatives = ReadAlternatives(item),
        Words = ReadWords(item),
    };

    private static IReadOnlyList<ScoreAlternative> ReadAlternatives(JsonElement item) =>
        item.TryGetProperty("alternatives", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()
                .Where(static one => one.ValueKind == JsonValueKind.Object && Text(one, "text") is not null)
                .Take(MostAlternatives)
                .Select(static one => new ScoreAlternative(Transcript(Text(one, "text") ?? ""), Confidence(one) ?? 0))]
            : [];

    private static IReadOnlyList<ScoreWord> ReadWords(JsonElement item) =>
        item.TryGetProperty("words", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()
                .Where(static one => one.ValueKind == JsonValueKind.Object && Text(one, "word") is not null && Milliseconds(one, "start_ms") is not null && Milliseconds(one, "end_ms") is not null)
                .Take(MostWords)
                .Select(static one => new ScoreWord(
                    Transcript(Text(one, "word") ?? ""), Milliseconds(one, "start_ms") ?? 0, Milliseconds(one, "end_ms") ?? 0, Confidence(one) ?? 0))]
            : [];

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Milliseconds(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var ms) && ms is >= 0 and < int.MaxValue ? (int)ms : null;

    private static float? Confidence(JsonElement item) =>
        item.TryGetProperty("confidence", out var confidence) && confidence.ValueKind == JsonValueKind.Number
        && confidence.TryGetSingle(out var value) && float.IsFinite(value)
            ? Math.Clamp(value, 0, 1)
            : null;

    // PostgreSQL's text cannot hold U+0000; what is beyond the longest text that is kept, the device is not told either.
    private static string Transcript(string said)
    {
        var text = said.Replace("\0", "", StringComparison.Ordinal).Trim();
        const int Longest = UtteranceStore.MaxTextLength;
        return text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];
    }

    private static CallResult NotUnderstood() => CallResult.Of(CallFault.Failed, OtherFormat);
}
