using Fleet.Audio;
using Fleet.Scoring.Configuration;
using Microsoft.ML.OnnxRuntime;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Fleet.Scoring.Engines.Wav2Vec2;

/// <summary>CTC models of wav2vec2's kind through ONNX Runtime: one model in memory, which all workers run.</summary>
internal sealed class Wav2Vec2Engine : ISpeechEngine
{
    private readonly Wav2Vec2Settings _settings;
    private readonly CtcModelFolder _folder;
    private readonly InferenceSession _session;
    private readonly ModelSignature _signature;

    private Wav2Vec2Engine(Wav2Vec2Settings settings, CtcModelFolder folder, InferenceSession session) =>
        (_settings, _folder, _session, _signature) = (settings, folder, session, ModelSignature.Of(session, folder));

    public string Name => EngineNames.Wav2Vec2;

    public string ModelName => _folder.Name;

    public int MaxBatch => _signature.TakesBatches ? _settings.MaxBatch : 1;

    /// <summary>Loads the model.</summary>
    /// <exception cref="RecogniserUnavailableException">It cannot be, or is of another kind; the message says why.</exception>
    public static Wav2Vec2Engine Load(Wav2Vec2Settings settings)
    {
        var folder = CtcModelFolder.Read(settings.ModelFolder);
        InferenceSession? session = null;
        try
        {
            session = Open(folder.ModelFile, settings.Threads);
            return new Wav2Vec2Engine(settings, folder, session);
        }
        catch (Exception ex)
        {
            session?.Dispose();
            if (ex is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
            {
                var reason = (ex is TypeInitializationException { InnerException: { } inner } ? inner : ex).Message;
                throw new RecogniserUnavailableException(
                    $"The speech model '{folder.ModelFile}' cannot be loaded: {reason}. Export it again (docs/models.md), or install Fleet built for this machine.", ex);
            }

            throw;
        }
    }

    public int BucketOf(int samples) => PaddedSamples(samples);

    public IRecogniser CreateRecogniser()
    {
        var recogniser = new Wav2Vec2Recogniser(_session, _signature, _folder, _settings, PaddedSamples);
        recogniser.WarmUp();
        return recogniser;
    }

    public void Dispose() => _session.Dispose();

    /// <summary>
    /// A recording is always padded to the end of its bucket, also when it is alone: models of the base kind normalise over the padding, too, so that
    /// else its text could depend on its companions.
    /// </summary>
    private int PaddedSamples(int samples)
    {
        var least = Math.Max(samples, _folder.Convolutions.ReceptiveSamples);
        return _settings.BucketSamples == 0 ? least : (least + _settings.BucketSamples - 1) / _settings.BucketSamples * _settings.BucketSamples;
    }

    private static InferenceSession Open(string path, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        return new InferenceSession(path, options);
    }
}
