using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio.Keywords;

/// <summary>Edge Impulse's MFCC block and a classifier in ONNX: for people who train on their own recordings.</summary>
internal sealed class MfccKeywordModel : IKeywordModel
{
    private const int DefaultWindowMs = 1_000;
    private const int DefaultStrideMs = 250;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly long[] _shape;
    private readonly string _path;

    private MfccKeywordModel(KeywordModelDescription description, InferenceSession session, string path)
    {
        (Description, _session, _path) = (description, session, path);
        (_inputNames, _outputNames) = ([session.InputNames[0]], [session.OutputNames[0]]);
        var features = CreateExtractor().FeatureCount;
        var shape = session.InputMetadata[_inputNames[0]].Dimensions;
        _shape = Shape(shape, features) ?? throw new KeywordModelException(
            $"The classifier '{path}' takes [{string.Join(", ", shape)}], but the MFCC block gives {features} features: mend 'mfcc' or 'window_ms', so that " +
            "they are what it was trained with.");
    }

    public KeywordModelDescription Description { get; }

    public IReadOnlyList<string> Keywords => Description.KeywordLabels;

    public int StrideMs => Description.StrideMs ?? DefaultStrideMs;

    public static MfccKeywordModel Load(KeywordModelFolder folder)
    {
        var file = folder.Description.Files[0];
        var session = OnnxSessions.Open(folder.ReadFile(file), folder.PathOf(file), "keyword classifier");
        try
        {
            var model = new MfccKeywordModel(folder.Description, session, folder.PathOf(file));
            KeywordDecider.KeywordsOf(folder.Description, folder.Description.Labels);

            // A trial tells of a wrong number of outputs now, and not in the middle of the night.
            model.Classify(new float[model.CreateExtractor().FeatureCount], new float[folder.Description.Labels.Count]);
            return model;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public IKeywordStream CreateStream(KeywordStreamOptions options, IKeywordListener listener) =>
        new MfccKeywordStream(
            this, CreateExtractor(), new KeywordDecider(Description, Description.Labels, StrideMs, Description.WarmUp ?? 0, options, listener));

    public MfccExtractor CreateExtractor()
    {
        try
        {
            return new MfccExtractor(
                Description.Mfcc ?? new MfccParameters(), SpeechEmbedding.SampleRateHz,
                (Description.WindowMs ?? DefaultWindowMs) * SpeechEmbedding.SampleRateHz / 1_000);
        }
        catch (ArgumentException ex)
        {
            throw new KeywordModelException($"'mfcc' of model '{Description.Id}' is not valid: {ex.Message}", ex);
        }
    }

    public void Classify(float[] features, Span<float> scores)
    {
        try
        {
            using var input = OrtValue.CreateTensorValueFromMemory(features, _shape);
            using var outputs = _session.Run(_runOptions, _inputNames, [input], _outputNames);
            var result = outputs[0].GetTensorDataAsSpan<float>();
            if (result.Length != scores.Length)
            {
                throw new KeywordModelException(
                    $"The classifier '{_path}' gives {result.Length} scores, but 'labels' names {scores.Length}: name each output.");
            }

            result.CopyTo(scores);
        }
        catch (OnnxRuntimeException ex)
        {
            throw new KeywordModelException($"The classifier '{_path}' failed: {ex.Message}", ex);
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    /// <summary>The input's dimensions with those that are open filled in; null when so many features do not fit.</summary>
    private static long[]? Shape(int[] dimensions, int features)
    {
        var shape = dimensions.Select(static dimension => (long)Math.Max(1, dimension)).ToArray();
        var product = shape.Aggregate(1L, static (left, right) => left * right);
        var open = Array.FindLastIndex(dimensions, static dimension => dimension < 1);
        if (product != features && open > 0 && features % product == 0)
        {
            shape[open] = features / product;
            return shape;
        }

        return product == features ? shape : null;
    }
}
