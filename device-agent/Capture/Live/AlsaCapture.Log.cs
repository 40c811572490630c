namespace Fleet.DeviceAgent.Capture.Live;

internal sealed partial class AlsaCapture
{
    [LoggerMessage(500, LogLevel.Information, "The microphone {Input} gives sound again")]
    private partial void LogUp(string input);

    [LoggerMessage(
        501, LogLevel.Warning,
        "No sound from the microphone {Input}: {Problem}. The agent tries again in {Seconds:0.0} s, and goes on sending what it has " +
        "({HeldBack} messages like this held back)")]
    private partial void LogDown(string input, string problem, double seconds, int heldBack);

    [LoggerMessage(
        502, LogLevel.Warning,
        "The agent is too slow for the microphone {Input}: {Seconds:0.0} s of sound dropped since the start, beyond the {BufferSeconds:0.#} s " +
        "that may wait (--input-buffer). Is the machine overloaded?")]
    private partial void LogOverrun(string input, double seconds, double bufferSeconds);

    [LoggerMessage(
        503, LogLevel.Warning,
        "The sound of {Input} has a hole of {Milliseconds:0} ms or more: the machine was too slow to read the microphone ({HeldBack} more " +
        "since this was last said)")]
    private partial void LogHole(string input, double milliseconds, int heldBack);

    [LoggerMessage(
        505, LogLevel.Warning,
        "The microphone {Input} gives about {RealRateHz} samples a second and was asked for {AskedRateHz}: speech runs at the wrong pace and is " +
        "not understood. Use plughw: instead of hw:, or give its own rate to --input-rate")]
    private partial void LogOtherRate(string input, int realRateHz, int askedRateHz);

    [LoggerMessage(504, LogLevel.Warning, "arecord says of {Input}: {Line} ({HeldBack} lines held back)")]
    private partial void LogSaid(string input, string line, int heldBack);
}
