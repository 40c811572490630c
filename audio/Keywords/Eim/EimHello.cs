using System.Text.Json;

namespace Fleet.Audio.Keywords;

/// <summary>What a runner says of itself when it is greeted.</summary>
/// <param name="Project">Its project's name; empty = it does not say.</param>
/// <param name="Labels">Of its classifier.</param>
/// <param name="FeatureCount">Samples of a whole window.</param>
/// <param name="SliceSize">Samples of a slice; 0 = it has none.</param>
/// <param name="IsContinuous">It is meant to be given slices.</param>
internal sealed record EimHello(string Project, IReadOnlyList<string> Labels, int FeatureCount, int SliceSize, bool IsContinuous)
{
    // Longest window: more is no keyword, and each look costs.
    private const int MaxSamples = 10 * SpeechEmbedding.SampleRateHz;
    private const int MaxLabels = 256;
    private const int Microphone = 1;

    /// <exception cref="KeywordModelException">It is no runner for keywords in 16 kHz sound.</exception>
    public static EimHello Read(JsonElement reply)
    {
        var parameters = Part(reply, "model_parameters");
        if (Number(parameters, "sensor") is { } sensor && (int)sensor != Microphone)
        {
            throw new KeywordModelException($"The runner is for sensor {sensor}, not for a microphone (1).");
        }

        if (Number(parameters, "frequency") is var frequency && (frequency is null || Math.Abs(frequency.Value - SpeechEmbedding.SampleRateHz) > 0.5))
        {
            throw new KeywordModelException($"The runner takes sound of {frequency?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "an unknown number of"} Hz; give one that was trained at {SpeechEmbedding.SampleRateHz} Hz.");
        }

        List<string> labels = [.. ReadLabels(parameters)];
        var features = (int)(Number(parameters, "input_features_count") ?? 0);
        var slice = (int)(Number(parameters, "slice_size") ?? 0);
        if (features is <= 0 or > MaxSamples || slice < 0 || slice > features)
        {
            throw new KeywordModelException($"The runner takes {features} samples in slices of {slice}: it takes no sound as it comes from a microphone, or more than {MaxSamples} samples.");
        }

        if (labels.Count is 0 or > MaxLabels)
        {
            throw new KeywordModelException($"The runner has {labels.Count} labels; a keyword model has 1 to {MaxLabels}.");
        }

        var isContinuous = parameters.TryGetProperty("use_continuous_mode", out var mode) && mode.ValueKind == JsonValueKind.True;
        return new EimHello(
            reply.TryGetProperty("project", out var project) && project.ValueKind == JsonValueKind.Object && project.TryGetProperty("name", out var name) ? EimReply.Words(name) : "",
            labels, features, slice, isContinuous && slice > 0);
    }

    private static IEnumerable<string> ReadLabels(JsonElement parameters) =>
        parameters.TryGetProperty("labels", out var labels) && labels.ValueKind == JsonValueKind.Array
            ? labels.EnumerateArray().Where(static label => label.ValueKind == JsonValueKind.String).Select(static label => label.GetString() ?? "")
            : [];

    private static JsonElement Part(JsonElement reply, string name) =>
        reply.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object
            ? part : throw new KeywordModelException($"The runner's answer to hello has no {name}.");

    private static double? Number(JsonElement parameters, string name) =>
        parameters.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
