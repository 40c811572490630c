namespace Fleet.Storage;

/// <summary>What a run made of an utterance; the numbers are those of the database.</summary>
public enum RetranscriptionItemState
{
    None = 0,
    Waiting = 1,
    Recognised = 2,

    /// <summary>There was nothing to recognise; the reason says why.</summary>
    Skipped = 3,

    /// <summary>The endpoint refused it; the reason says why.</summary>
    Failed = 4,
    Promoted = 5,
    Discarded = 6,
}
