namespace Fleet.Audio;

/// <summary>A whole recording in memory, mixed down to one channel.</summary>
public sealed record WavAudio
{
    /// <summary>Samples a second.</summary>
    public required int SampleRateHz { get; init; }

    /// <summary>Channels in the file; <see cref="Samples"/> is always mono.</summary>
    public required int Channels { get; init; }

    /// <summary>Mono samples; the mean of left and right when the file is stereo.</summary>
    public required ReadOnlyMemory<short> Samples { get; init; }

    /// <summary>Length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Samples.Length / SampleRateHz);
}
