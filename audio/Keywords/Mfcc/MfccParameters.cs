using System.Text.Json.Serialization;

namespace Fleet.Audio.Keywords;

/// <summary>The parameters of Edge Impulse's "Audio (MFCC)" block, with its defaults; they must be those that the classifier was trained with.</summary>
public sealed record MfccParameters
{
    /// <summary>Version of the block's implementation, 1 to 4; up to 3 the mel filters lie on other bins, 1 also counts frames differently.</summary>
    [JsonPropertyName("version")]
    public int Version { get; init; } = 4;

    /// <summary>Number of coefficients, 1 to the number of filters.</summary>
    [JsonPropertyName("coefficients")]
    public int Coefficients { get; init; } = 13;

    /// <summary>Seconds of a frame.</summary>
    [JsonPropertyName("frame_length")]
    public double FrameLengthSeconds { get; init; } = 0.02;

    /// <summary>Seconds from one frame to the next.</summary>
    [JsonPropertyName("frame_stride")]
    public double FrameStrideSeconds { get; init; } = 0.02;

    /// <summary>Number of mel filters, 2 to 256.</summary>
    [JsonPropertyName("filters")]
    public int Filters { get; init; } = 32;

    /// <summary>Length of the Fourier transform in samples, a power of two, 4 to 8192; a longer frame is cut to it.</summary>
    [JsonPropertyName("fft_length")]
    public int FftLength { get; init; } = 256;

    /// <summary>Frames over which the coefficients are normalised, an odd number; 0 = they are not.</summary>
    [JsonPropertyName("window_size")]
    public int NormalisationFrames { get; init; } = 101;

    /// <summary>Lower edge of the mel filters in Hz.</summary>
    [JsonPropertyName("low_frequency")]
    public double LowFrequencyHz { get; init; }

    /// <summary>Upper edge of the mel filters in Hz; 0 = half the sample rate.</summary>
    [JsonPropertyName("high_frequency")]
    public double HighFrequencyHz { get; init; }

    /// <summary>Pre-emphasis: this much of the sample before is taken off each sample; 0 = none.</summary>
    [JsonPropertyName("pre_emphasis")]
    public double PreEmphasis { get; init; } = 0.98;
}
