namespace Fleet.Cli.Keywords.Training;

/// <summary>What a file is to a training.</summary>
internal enum ClipKind
{
    /// <summary>The keyword is said in it.</summary>
    Keyword,

    /// <summary>A few seconds of something else.</summary>
    Other,

    /// <summary>A long recording without the keyword, in which time passes as it does for a microphone.</summary>
    Recording,

    /// <summary>Sound without speech, from a folder named "noise".</summary>
    Noise,
}
