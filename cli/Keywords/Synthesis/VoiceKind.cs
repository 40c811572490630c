namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>How much a voice is like a person.</summary>
internal enum VoiceKind
{
    /// <summary>Made from recordings of an English speaker.</summary>
    Natural,

    /// <summary>Made from recordings of a speaker of another language, who reads English as if it were spelled in that language.</summary>
    Accented,

    /// <summary>Made by rules, with no person behind it: many of them, and all alike.</summary>
    Formant,
}
