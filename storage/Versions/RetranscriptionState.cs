namespace Fleet.Storage;

/// <summary>How far a run is; the numbers are those of the database.</summary>
public enum RetranscriptionState
{
    None = 0,

    /// <summary>Utterances are being recognised.</summary>
    Running = 1,

    /// <summary>All are worked: somebody promotes or discards it.</summary>
    Finished = 2,

    /// <summary>Stopped before its end; what was recognised may be promoted or discarded.</summary>
    Cancelled = 3,

    /// <summary>Its texts are becoming the ones that history shows.</summary>
    Promoting = 4,

    /// <summary>History shows its texts.</summary>
    Promoted = 5,

    /// <summary>Its texts are being removed.</summary>
    Discarding = 6,

    /// <summary>Nothing of it is left but its figures.</summary>
    Discarded = 7,
}
