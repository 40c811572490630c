namespace Fleet.Cli.Keywords.Synthesis;

/// <summary>What a synthetic clip is for.</summary>
internal enum TextKind
{
    /// <summary>The keyword alone.</summary>
    Keyword,

    /// <summary>The keyword as the first words of a sentence, without a pause.</summary>
    Flow,

    /// <summary>What sounds like the keyword.</summary>
    Near,

    /// <summary>Any other word.</summary>
    Word,

    /// <summary>Talk without the keyword.</summary>
    Sentence,
}
