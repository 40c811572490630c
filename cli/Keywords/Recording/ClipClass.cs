namespace Fleet.Cli.Keywords.Recording;

/// <summary>What a clip is to a model: Edge Impulse's tutorial calls them listen, unknown and noise.</summary>
internal enum ClipClass
{
    /// <summary>The keyword, once.</summary>
    Keyword,

    /// <summary>Other words and talk.</summary>
    Other,

    /// <summary>No speech.</summary>
    Noise,
}
