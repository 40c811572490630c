namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>How far clips are changed, so that a model hears more rooms, voices and microphones than were recorded.</summary>
internal sealed record AugmentationOptions
{
    /// <summary>As a tape does, with the size of the speaker: 0.85 to 1.18 times.</summary>
    public double MaxSpeedChange { get; init; } = 1.18;

    /// <summary>At the same pitch: 0.85 to 1.18 times.</summary>
    public double MaxTempoChange { get; init; } = 1.18;

    /// <summary>Signal to noise, in dB.</summary>
    public double MinSnrDb { get; init; }

    /// <summary>Signal to noise, in dB.</summary>
    public double MaxSnrDb { get; init; } = 40;

    /// <summary>Level of the speech, in dB below full scale.</summary>
    public double QuietestDb { get; init; } = 44;

    /// <summary>Level of the speech, in dB below full scale.</summary>
    public double LoudestDb { get; init; } = 14;

    /// <summary>Time in which echoes fall by 60 dB, in seconds.</summary>
    public double LongestDecaySeconds { get; init; } = 0.7;
}
