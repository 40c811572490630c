using Fleet.DeviceAgent.Mute;

namespace Fleet.DeviceAgent.Capture.Live;

/// <summary>How live sound is taken in.</summary>
internal sealed record CaptureOptions
{
    public required InputAddress Input { get; init; }

    /// <summary>Samples a second that the microphone is asked for, or that standard input has. 8,000 to 192,000.</summary>
    public int SampleRateHz { get; init; } = 16_000;

    /// <summary>Channels that the microphone is asked for, or that standard input has: 1 or 2, which are mixed.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>A microphone that gives nothing for so long hangs, and is started again. 1 s to 10 minutes.</summary>
    public TimeSpan HangTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sound that may wait for a pipeline that is slower than the microphone; beyond it sound is dropped. 0.5 to 60 s.</summary>
    public TimeSpan Buffer { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Times of day at which the microphone is muted, on the device's own clock.</summary>
    public IReadOnlyList<MuteTime> MuteTimes { get; init; } = [];

    /// <summary>The first wait before a microphone that stopped is started again; doubles up to <see cref="LongestRestartWait"/>.</summary>
    public TimeSpan ShortestRestartWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait before a microphone that stopped is started again.</summary>
    public TimeSpan LongestRestartWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Folders in which arecord is looked for, as in PATH.</summary>
    public string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin";
}
