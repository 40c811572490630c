using Microsoft.ML.OnnxRuntime;

namespace Fleet.Audio.Keywords;

/// <summary>Opens the models of the keyword spotter, with a message for people where that fails.</summary>
internal static class OnnxSessions
{
    /// <exception cref="KeywordModelException">It cannot be loaded.</exception>
    public static InferenceSession Open(string path, string name) => Open(Read(path, name), path, name);

    /// <exception cref="KeywordModelException">It cannot be loaded.</exception>
    public static InferenceSession Open(byte[] model, string path, string name)
    {
        try
        {
            using var options = new SessionOptions
            {
                // The work is a few milliseconds a second: more threads would only spin, and a simulated fleet runs many streams.
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            };
            return new InferenceSession(model, options);
        }
        catch (Exception ex) when (IsUnusable(ex))
        {
            throw Unusable(path, name, ex);
        }
    }

    /// <exception cref="KeywordModelException">It cannot be read.</exception>
    public static byte[] Read(string path, string name)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new KeywordModelException($"The {name} '{path}' cannot be read: {ex.Message} Restore the file, or build Fleet again.", ex);
        }
    }

    public static KeywordModelException Unusable(string path, string name, Exception ex)
    {
        var reason = (ex is TypeInitializationException { InnerException: { } inner } ? inner : ex).Message;
        return new KeywordModelException($"The {name} '{path}' cannot be used: {reason} Restore the file, or install Fleet built for this machine.", ex);
    }

    private static bool IsUnusable(Exception ex) =>
        ex is OnnxRuntimeException or DllNotFoundException or EntryPointNotFoundException or TypeInitializationException;
}
