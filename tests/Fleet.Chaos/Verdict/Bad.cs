namespace Fleet.Chaos.Verdict;

/// <summary>What must not be. One count each; all must be 0.</summary>
internal enum Bad
{
    /// <summary>In the ledger, and neither a row nor a report of its loss.</summary>
    Lost,

    /// <summary>Reported as lost, and neither a bound nor a full disk explains it.</summary>
    LostWithoutCause,

    /// <summary>Two rows for one utterance or for one sequence number.</summary>
    Duplicated,

    /// <summary>The stored audio or number is not what was heard.</summary>
    Altered,

    /// <summary>By (started_at, utterance_id) it comes after one with a higher sequence number.</summary>
    Misordered,

    /// <summary>Still in a spool, or without a final status, after everything had time to drain.</summary>
    Stuck,

    /// <summary>A row of which the ledger knows nothing.</summary>
    Unknown,

    /// <summary>A sequence number below the highest one of its device that no row has.</summary>
    Gap,

    /// <summary>A line of a ledger that no kill explains: the run proves nothing.</summary>
    LedgerDamaged,

    /// <summary>The product's own figures (spoken, stored, lost, missing) are not the ledger's.</summary>
    Miscounted,
}
