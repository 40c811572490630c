namespace Fleet.Storage;

/// <summary>What became of a result of a run.</summary>
public enum RetranscriptionWrite
{
    Written,

    /// <summary>The run is fine, the utterance is done already or gone.</summary>
    NotNeeded,

    /// <summary>The run is not the caller's any more: another silo has it, or it was cancelled.</summary>
    NotYours,
}
