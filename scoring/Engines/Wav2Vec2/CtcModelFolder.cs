using System.Collections.Immutable;
using System.Text.Json;
using Fleet.Audio;

namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>A folder with a CTC model in ONNX and the files that its training left beside it.</summary>
internal sealed class CtcModelFolder
{
    private const string Remedy = "docs/models.md says how the folder is made.";

    // Azure ML mounts what is registered as a folder one or two levels below AZUREML_MODEL_DIR.
    private const int MaxDepth = 3;

    private CtcModelFolder(string path, string modelFile) => (Name, ModelFile) = (Path.GetFileName(path), modelFile);

    /// <summary>Its own name, by which people know the model.</summary>
    public string Name { get; }

    public string ModelFile { get; }

    public required CtcVocabulary Vocabulary { get; init; }

    public required ConvolutionStack Convolutions { get; init; }

    public required bool Normalise { get; init; }

    /// <summary>Whether the model was trained to be told which samples are padding.</summary>
    public required bool WantsAttentionMask { get; init; }

    public required bool LowerCase { get; init; }

    /// <exception cref="RecogniserUnavailableException">Something is missing or not as it must be; the message says what.</exception>
    public static CtcModelFolder Read(string path)
    {
        var folder = Find(Path.GetFullPath(path), MaxDepth)
            ?? throw new RecogniserUnavailableException($"There is no model.onnx in '{path}' or below: set Fleet__ScoringServer__ModelFolder. {Remedy}");
        using var config = ReadJson(folder, "config.json");
        using var preprocessor = ReadJson(folder, "preprocessor_config.json");
        using var tokenizer = ReadJson(folder, "tokenizer_config.json");
        if (Number(preprocessor, "sampling_rate") is { } rate && rate != PocketSphinxDecoder.SampleRateHz)
        {
            throw Wrong(folder, "preprocessor_config.json", $"sampling_rate is {rate}, the server's audio has {PocketSphinxDecoder.SampleRateHz} samples a second");
        }

        return new CtcModelFolder(folder, Path.Combine(folder, "model.onnx"))
        {
            Vocabulary = ReadVocabulary(folder, tokenizer),
            Convolutions = ReadConvolutions(folder, config),
            Normalise = Truth(preprocessor, "do_normalize") ?? true,
            WantsAttentionMask = Truth(preprocessor, "return_attention_mask") ?? false,
            LowerCase = Truth(tokenizer, "do_lower_case") ?? false,
        };
    }

    private static string? Find(string folder, int depth)
    {
        if (File.Exists(Path.Combine(folder, "model.onnx")))
        {
            return folder;
        }

        return depth == 0 || !Directory.Exists(folder)
            ? null
            : Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(below => Find(below, depth - 1)).FirstOrDefault(found => found is not null);
    }

    private static CtcVocabulary ReadVocabulary(string folder, JsonDocument? tokenizer)
    {
        using var vocabulary = ReadJson(folder, "vocab.json")
            ?? throw new RecogniserUnavailableException($"'{Path.Combine(folder, "vocab.json")}' is missing. {Remedy}");
        try
        {
            var tokens = vocabulary.RootElement.EnumerateObject().ToDictionary(static token => token.Name, static token => token.Value.GetInt32());
            return new CtcVocabulary(tokens, Text(tokenizer, "pad_token") ?? "<pad>", Text(tokenizer, "word_delimiter_token") ?? "|");
        }
        catch (Exception ex) when (ex is InvalidOperationException or FormatException or ArgumentException or InvalidDataException)
        {
            throw Wrong(folder, "vocab.json", ex.Message);
        }
    }

    private static ConvolutionStack ReadConvolutions(string folder, JsonDocument? config)
    {
        var (kernels, strides) = (Numbers(config, "conv_kernel"), Numbers(config, "conv_stride"));
        if (kernels is null && strides is null)
        {
            return ConvolutionStack.Base;
        }

        return kernels is { Length: > 0 and <= 32 } && strides?.Length == kernels.Value.Length && kernels.Value.Concat(strides.Value).All(static number => number is > 0 and < 10_000)
            ? new ConvolutionStack(kernels.Value, strides.Value)
            : throw Wrong(folder, "config.json", "conv_kernel and conv_stride must be lists of positive numbers, equally long");
    }

    private static JsonDocument? ReadJson(string folder, string name)
    {
        var file = Path.Combine(folder, name);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw Wrong(folder, name, "it is no JSON object");
        }
        catch (JsonException ex)
        {
            throw Wrong(folder, name, ex.Message);
        }
    }

    private static bool? Truth(JsonDocument? json, string name) => Value(json, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => null,
    };

    private static int? Number(JsonDocument? json, string name) =>
        Value(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;

    // Newer files have an object with the text in it.
    private static string? Text(JsonDocument? json, string name) => Value(json, name) switch
    {
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        { ValueKind: JsonValueKind.Object } value when value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String => content.GetString(),
        _ => null,
    };

    private static ImmutableArray<int>? Numbers(JsonDocument? json, string name) => Value(json, name) is { ValueKind: JsonValueKind.Array } value
        ? [.. value.EnumerateArray().Select(static item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) ? number : 0)]
        : null;

    private static JsonElement? Value(JsonDocument? json, string name) =>
        json is not null && json.RootElement.TryGetProperty(name, out var value) ? value : null;

    private static RecogniserUnavailableException Wrong(string folder, string name, string why) =>
        new($"'{Path.Combine(folder, name)}' is not usable: {why}. {Remedy}");
}
