namespace Fleet.Storage;

/// <summary>What became of one utterance of a call to <see cref="UtteranceStore.StoreAsync"/>, or of one loss.</summary>
public enum StoreOutcome
{
    /// <summary>Committed now.</summary>
    Stored,

    /// <summary>Was stored before; nothing was written.</summary>
    Duplicate,

    /// <summary>Refused: a newer session of the device has taken over, or the device never opened one.</summary>
    Fenced,

    /// <summary>Refused for good: it was erased, has expired, or the device has reported it lost before.</summary>
    Gone,

    /// <summary>Refused for good: the database cannot hold this row; <see cref="StoreResult.Message"/> says why.</summary>
    Failed,
}
