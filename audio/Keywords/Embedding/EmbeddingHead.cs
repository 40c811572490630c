using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio.Keywords;

/// <summary>One head: an ONNX classifier of [windows, N, 96] embeddings to [windows, labels] scores. Thread safe.</summary>
internal sealed class EmbeddingHead : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;
    private readonly string _path;
    private readonly int _labels;
    private readonly bool _takesMany;

    private EmbeddingHead(InferenceSession session, string path, int labels)
    {
        (_session, _path, _labels) = (session, path, labels);
        (_inputNames, _outputNames) = ([session.InputNames[0]], [session.OutputNames[0]]);
        var shape = session.InputMetadata[_inputNames[0]].Dimensions;
        if (session.InputNames.Count != 1 || shape.Length != 3 || shape[1] < 1 || shape[2] != SpeechEmbedding.Size)
        {
            throw new KeywordModelException(
                $"The head '{path}' takes [{string.Join(", ", shape)}], not [1, N, {SpeechEmbedding.Size}]: it is no head for the speech embedding. " +
                "Classifiers of other features are models of kind mfcc.");
        }

        (_takesMany, WindowSteps) = (shape[0] < 1, shape[1]);
    }

    /// <summary>Embeddings that it looks at.</summary>
    public int WindowSteps { get; }

    public static EmbeddingHead Open(byte[] model, string path, int labels)
    {
        var session = OnnxSessions.Open(model, path, "keyword head");
        try
        {
            var head = new EmbeddingHead(session, path, labels);

            // A trial tells of a wrong number of outputs now, and not in the middle of the night.
            head.AddScores(new float[head.WindowSteps * SpeechEmbedding.Size], 1, new float[labels]);
            return head;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Adds its scores of windows that follow on each other by one embedding each.</summary>
    public void AddScores(ReadOnlySpan<float> embeddings, int looks, Span<float> scores)
    {
        var window = WindowSteps * SpeechEmbedding.Size;
        var windows = new float[looks * window];
        for (var look = 0; look < looks; look++)
        {
            embeddings.Slice(look * SpeechEmbedding.Size, window).CopyTo(windows.AsSpan(look * window));
        }

        var count = _takesMany ? looks : 1;
        for (var look = 0; look < looks; look += count)
        {
            Run(windows.AsMemory(look * window, count * window), count, scores.Slice(look * _labels, count * _labels));
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void Run(Memory<float> windows, int count, Span<float> scores)
    {
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, windows, [count, WindowSteps, SpeechEmbedding.Size]);
        using var outputs = _session.Run(_runOptions, _inputNames, [input], _outputNames);
        var result = outputs[0].GetTensorDataAsSpan<float>();
        if (result.Length != scores.Length)
        {
            throw new KeywordModelException(
                $"The head '{_path}' gives {result.Length / count} scores a window, but 'labels' names {_labels}: name each output.");
        }

        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] += result[i];
        }
    }
}
