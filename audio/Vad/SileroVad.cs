using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio;

/// <summary>Silero VAD v6: one model in memory, shared by any number of streams. Thread safe.</summary>
public sealed class SileroVad : IVad
{
    /// <summary>Samples a stream takes at a time: 32 ms.</summary>
    public const int FrameSamples = 512;

    // The model was trained with the tail of the previous frame before each frame; without it, it answers near zero, silently.
    private const int ContextSamples = 64;

    private readonly InferenceSession _session;

    private SileroVad(InferenceSession session) => _session = session;

    /// <summary>Loads the model.</summary>
    /// <param name="modelPath">Path of silero_vad_v6.onnx; by default models/silero_vad_v6.onnx beside the program.</param>
    /// <exception cref="VadUnavailableException">The model is not there, is damaged, or ONNX Runtime does not run on this machine.</exception>
    public static SileroVad Load(string? modelPath = null)
    {
        var path = modelPath ?? Path.Combine(AppContext.BaseDirectory, "models", "silero_vad_v6.onnx");
        if (!File.Exists(path))
        {
            throw new VadUnavailableException(
                $"The voice activity model '{path}' is missing. Build Fleet again (the model comes with its npm packages) or restore the file.");
        }

        try
        {
            return new SileroVad(Open(path));
        }
        catch (Exception ex) when (ex is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            var reason = (ex is TypeInitializationException { InnerException: { } inner } ? inner : ex).Message;
            throw new VadUnavailableException(
                $"The voice activity model '{path}' cannot be loaded: {reason}. Restore the file, or install Fleet built for this machine.", ex);
        }
    }

    /// <summary>Starts to listen to one stream of audio. Streams may run on different threads at the same time.</summary>
    public IVadStream CreateStream() => CreateStream(withContext: true);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    internal SileroVadStream CreateStream(bool withContext) =>
        new(_session, FrameSamples, withContext ? ContextSamples : 0);

    private static InferenceSession Open(string path)
    {
        using var options = new SessionOptions
        {
            // A frame is 0.2 ms of work: more threads would only spin, and a simulated fleet runs many streams.
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        return new InferenceSession(path, options);
    }
}
