namespace Fleet.DeviceAgent.Health;

internal sealed partial class LevelWatch
{
    [LoggerMessage(
        520, LogLevel.Debug,
        "Levels of an utterance from {Source}: peak {PeakDbfs:0.0} dBFS, mean {RmsDbfs:0.0} dBFS, {ClippedPercent:0.00} % at full scale, " +
        "offset {OffsetPercent:0.0} %")]
    private partial void LogLevels(string source, double peakDbfs, double rmsDbfs, double clippedPercent, double offsetPercent);

    [LoggerMessage(
        521, LogLevel.Warning,
        "What is said at {Source} is too loud: {ClippedPercent:0.0} % of the last utterance is cut off at full scale, and words get lost. " +
        "Turn the microphone's gain down (alsamixer, F4), or move it away")]
    private partial void LogClipped(string source, double clippedPercent);

    [LoggerMessage(
        522, LogLevel.Warning,
        "The sound of {Source} is {OffsetPercent:0.0} % of full scale off zero: the converter or a cable is at fault. Try another port, cable " +
        "or sound card")]
    private partial void LogOffset(string source, double offsetPercent);

    [LoggerMessage(523, LogLevel.Information, "The levels of {Source} are well again: {Count} utterances in a row without a fault")]
    private partial void LogGood(string source, int count);

    [LoggerMessage(
        524, LogLevel.Warning,
        "The microphone {Source} has given nothing but silence for {Seconds} s, less than any room makes: is it muted (alsamixer, F4, M) or " +
        "unplugged? Other devices: arecord -L")]
    private partial void LogSilent(string source, long seconds);

    [LoggerMessage(525, LogLevel.Information, "The microphone {Source} gives sound again")]
    private partial void LogNotSilent(string source);

    [LoggerMessage(
        526, LogLevel.Warning,
        "The microphone {Source} has given one value for {Seconds} s, which is not zero: its converter is stuck. Plug it in again, or try another port")]
    private partial void LogFlat(string source, long seconds);

    [LoggerMessage(
        527, LogLevel.Warning,
        "What is said at {Source} is too soft: the peak of the last utterance is {PeakDbfs:0} dBFS, and words get lost. Turn the microphone's gain up (alsamixer, F4), or move it nearer")]
    private partial void LogQuiet(string source, double peakDbfs);
}
