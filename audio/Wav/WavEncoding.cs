namespace Fleet.Audio;

/// <summary>How a WAV file holds its samples, as far as Fleet reads it; all little-endian.</summary>
internal enum WavEncoding
{
    /// <summary>8 bits, unsigned: 128 is silence.</summary>
    Pcm8,

    /// <summary>16 bits.</summary>
    Pcm16,

    /// <summary>24 bits in three bytes.</summary>
    Pcm24,

    /// <summary>32 bits.</summary>
    Pcm32,

    /// <summary>32-bit floating point, full scale at 1.</summary>
    Float32,

    /// <summary>64-bit floating point, full scale at 1.</summary>
    Float64,
}
