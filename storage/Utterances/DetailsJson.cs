using System.Text.Json;

namespace Fleet.Storage;

/// <summary>Alternatives and words as the database keeps them (jsonb).</summary>
internal static class DetailsJson
{
    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // What jsonb cannot hold (U+0000, lone surrogates, numbers that are none) must not cost a transcript.
    public static string? Write(IReadOnlyList<TranscriptAlternative> alternatives) => alternatives.Count == 0 ? null : JsonSerializer.Serialize(
        alternatives.Take(TranscriptDetails.MaxAlternatives).Select(alternative => new TranscriptAlternative(
            DatabaseText.Sanitize(alternative.Text, UtteranceStore.MaxTextLength), Finite(alternative.Confidence))), _json);

    public static string? Write(IReadOnlyList<TranscriptWord> words) => words.Count == 0 ? null : JsonSerializer.Serialize(
        words.Take(TranscriptDetails.MaxWords).Select(word => word with
        {
            Word = DatabaseText.Sanitize(word.Word, UtteranceStore.MaxTextLength),
            Confidence = Finite(word.Confidence),
        }),
        _json);

    public static IReadOnlyList<TranscriptAlternative> ReadAlternatives(string? json) => Read<TranscriptAlternative>(json);

    public static IReadOnlyList<TranscriptWord> ReadWords(string? json) => Read<TranscriptWord>(json);

    /// <summary>Milliseconds for a column of whole numbers.</summary>
    public static int? Milliseconds(TimeSpan? time) => time is { } value ? (int)Math.Clamp(value.TotalMilliseconds, 0, int.MaxValue) : null;

    private static float Finite(float number) => float.IsFinite(number) ? number : 0;

    private static List<T> Read<T>(string? json)
    {
        try
        {
            return json is null ? [] : JsonSerializer.Deserialize<List<T>>(json, _json) ?? [];
        }
        catch (JsonException)
        {
            // Written by hand or by a later version: the transcript is shown without it.
            return [];
        }
    }
}
