namespace Fleet.Contracts.Transcripts;

/// <summary>What became of a word.</summary>
public enum WordEditKind
{
    /// <summary>Both texts have it (upper or lower case, and punctuation around it, do not count).</summary>
    Same,

    /// <summary>Another word stands in its place.</summary>
    Substituted,

    /// <summary>Only the old text has it.</summary>
    Deleted,

    /// <summary>Only the new text has it.</summary>
    Inserted,
}
