namespace Fleet.Audio;

/// <summary>Silero VAD v6: one model in memory, shared by any number of streams. Thread safe.</summary>
public sealed class SileroVad : IDisposable
{
    private SileroVad()
    {
    }

    /// <summary>Loads the model.</summary>
    /// <param name="modelPath">Path of silero_vad_v6.onnx; by default models/silero_vad_v6.onnx beside the program.</param>
    public static SileroVad Load(string? modelPath = null) => new();

    /// <summary>Starts to listen to one stream of audio. Streams may run on different threads at the same time.</summary>
    public IVadStream CreateStream() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
