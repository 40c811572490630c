using System.Text.Json;

namespace Fleet.Audio.Keywords;

/// <summary>Answers of a runner: checks them, and makes words of the runner's fit for a log.</summary>
internal static class EimReply
{
    private const int MaxWords = 200;

    /// <summary>The answer to the message with this id.</summary>
    /// <exception cref="KeywordModelException">It is not, or says that it failed.</exception>
    public static JsonElement Check(JsonElement reply, int id)
    {
        if (reply.ValueKind != JsonValueKind.Object || !reply.TryGetProperty("success", out var success))
        {
            throw new KeywordModelException("The runner's answer has no 'success'.");
        }

        if (success.ValueKind != JsonValueKind.True)
        {
            throw new KeywordModelException($"The runner says: {(reply.TryGetProperty("error", out var error) ? Words(error) : "it failed")}");
        }

        return reply.TryGetProperty("id", out var of) && of.ValueKind == JsonValueKind.Number && of.TryGetInt32(out var number) && number == id
            ? reply : throw new KeywordModelException("The runner answered another message than the one it was sent.");
    }

    /// <summary>The scores of a classification, in the order of these labels.</summary>
    /// <exception cref="KeywordModelException">One is missing or no number from 0 to 1.</exception>
    public static void ReadScores(JsonElement reply, IReadOnlyList<string> labels, Span<float> scores)
    {
        if (!reply.TryGetProperty("result", out var result) || result.ValueKind != JsonValueKind.Object
            || !result.TryGetProperty("classification", out var classification) || classification.ValueKind != JsonValueKind.Object)
        {
            throw new KeywordModelException("The runner's answer has no classification: is it a model for keywords?");
        }

        for (var i = 0; i < labels.Count; i++)
        {
            if (!classification.TryGetProperty(labels[i], out var score) || score.ValueKind != JsonValueKind.Number
                || !score.TryGetSingle(out scores[i]) || !(scores[i] is >= -0.001f and <= 1.001f))
            {
                throw new KeywordModelException($"The runner's answer has no score from 0 to 1 for '{labels[i]}'.");
            }

            scores[i] = Math.Clamp(scores[i], 0, 1);
        }
    }

    /// <summary>A text of the runner's on one line and of bounded length.</summary>
    public static string Words(JsonElement text) => text.ValueKind == JsonValueKind.String ? Words(text.GetString() ?? "") : "";

    /// <inheritdoc cref="Words(JsonElement)"/>
    public static string Words(string text) =>
        new([.. text.Take(MaxWords).Select(static character => char.IsControl(character) || char.IsSurrogate(character) ? ' ' : character)]);
}
