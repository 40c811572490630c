namespace Fleet.Storage;

/// <summary>What became of a wish for a run.</summary>
public enum StartRetranscriptionOutcome
{
    /// <summary>It is there, from now on or already.</summary>
    Started,

    /// <summary>The filter finds nothing.</summary>
    NothingFound,

    /// <summary>The filter finds more than a run may have.</summary>
    TooManyUtterances,

    /// <summary>So many runs wait for a decision that there may be no other.</summary>
    TooManyRuns,
}
