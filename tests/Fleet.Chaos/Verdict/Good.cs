namespace Fleet.Chaos.Verdict;

/// <summary>What became of an utterance in a way that is promised.</summary>
internal enum Good
{
    /// <summary>Stored byte for byte.</summary>
    Whole,

    /// <summary>The agent was killed in the middle of it: its beginning is stored.</summary>
    CutByKill,

    /// <summary>The disk was full in the middle of it: its beginning is stored.</summary>
    CutByDisk,

    /// <summary>Reported as lost, with a cause: a full disk, or the spool's bound.</summary>
    LostWithCause,

    /// <summary>The agent was killed before its first second of it was on the disk: neither row nor number.</summary>
    NotBegun,
}
