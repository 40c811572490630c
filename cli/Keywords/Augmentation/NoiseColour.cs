namespace Fleet.Cli.Keywords.Augmentation;

/// <summary>How noise is spread over frequencies.</summary>
internal enum NoiseColour
{
    /// <summary>Evenly: a hiss.</summary>
    White,

    /// <summary>3 dB less an octave: rain, a fan.</summary>
    Pink,

    /// <summary>6 dB less an octave: traffic, a rumble.</summary>
    Brown,
}
