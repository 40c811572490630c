using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio.Keywords;

/// <summary>
/// Google's speech embedding: 96 numbers for every 80 ms of speech, each of them about the last 0.76 s; what small heads tell keywords by.
/// One model in memory, shared by any number of streams. Thread safe.
/// </summary>
/// <remarks>
/// The file's network works on 76 frames of log-mel. It is fully convolutional, so here it is opened to any length: several steps in one call cost
/// little more than one, and a whole file costs a third of its steps one by one, with the same result.
/// </remarks>
public sealed class SpeechEmbedding : IDisposable
{
    /// <summary>Samples a second of the sound that it takes.</summary>
    public const int SampleRateHz = 16_000;

    /// <summary>Samples of one step: 80 ms. Embedding k is about the sound before sample (k + 1) x this.</summary>
    public const int StepSamples = 1_280;

    /// <summary>Numbers of one embedding.</summary>
    public const int Size = 96;

    /// <summary>Most steps that one call of the model takes.</summary>
    public const int MaxStepsPerCall = 64;

    // Of a faint noise, long enough for the network to hear nothing else.
    private const int IdleSamples = 16 * StepSamples;
    private const int IdleSwing = 20;

    private readonly InferenceSession _session;
    private readonly Lazy<float[]> _idle;

    private SpeechEmbedding(InferenceSession session, LogMelFilters filters, string input, string output) =>
        (_session, Filters, InputName, OutputName, _idle) = (session, filters, input, output, new Lazy<float[]>(MakeIdle));

    /// <summary>The embedding of a quiet room: what was before the first sound of a stream.</summary>
    internal ReadOnlySpan<float> Idle => _idle.Value;

    internal LogMelFilters Filters { get; }

    internal string InputName { get; }

    internal string OutputName { get; }

    /// <summary>Loads melspectrogram.onnx and embedding_model.onnx.</summary>
    /// <param name="folder">Where they are; by default the folder models beside the program.</param>
    /// <exception cref="KeywordModelException">They are not there, are others, or ONNX Runtime does not run on this machine.</exception>
    public static SpeechEmbedding Load(string? folder = null)
    {
        folder ??= Path.Combine(AppContext.BaseDirectory, "models");
        var (melPath, embeddingPath) = (Path.Combine(folder, "melspectrogram.onnx"), Path.Combine(folder, "embedding_model.onnx"));
        var filters = Parse(melPath, "log-mel model", static file => LogMelFilters.Read(file));
        var (model, input, output) = Parse(embeddingPath, "speech embedding", static file =>
        {
            // The streams, one channel, any number of frames, the bands.
            var ends = file.OpenEnds([0, 1, -1, LogMel.Bands]);
            return (file.ToArray(), ends.Input, ends.Output);
        });
        return new SpeechEmbedding(OnnxSessions.Open(model, embeddingPath, "speech embedding"), filters, input, output);
    }

    /// <summary>Starts on one stream of sound; streams may run on different threads at the same time.</summary>
    /// <param name="onEmbedding">Gets the embeddings, in order, on the thread that pushes the samples.</param>
    /// <param name="stepsPerCall">
    /// Steps that are collected for one call of the model, 1 to 64: the first of them is (n - 1) x 80 ms late, and the work is much less
    /// (docs/keywords.md has the figures). The results are the same.
    /// </param>
    public SpeechEmbeddingStream CreateStream(EmbeddingHandler onEmbedding, int stepsPerCall = 1) => new(this, _session, onEmbedding, stepsPerCall);

    /// <summary>The embeddings of a whole recording, one after another, as a stream would give them; a last part of a step is left out.</summary>
    /// <returns>Size x (samples / StepSamples) numbers.</returns>
    public float[] EmbedAll(ReadOnlySpan<short> samples)
    {
        var all = new float[samples.Length / StepSamples * Size];
        var at = 0;
        using var stream = CreateStream(
            (_, embedding) =>
            {
                embedding.CopyTo(all.AsSpan(at));
                at += embedding.Length;
            },
            MaxStepsPerCall);
        stream.Push(samples);
        stream.Flush();
        return all;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private float[] MakeIdle()
    {
        var random = new Random(1);
        return EmbedAll([.. Enumerable.Range(0, IdleSamples).Select(_ => (short)random.Next(-IdleSwing, IdleSwing + 1))])[^Size..];
    }

    private static T Parse<T>(string path, string name, Func<OnnxGraphFile, T> parse)
    {
        try
        {
            return parse(new OnnxGraphFile(OnnxSessions.Read(path, name)));
        }
        catch (InvalidDataException ex)
        {
            throw OnnxSessions.Unusable(path, name, ex);
        }
    }
}
