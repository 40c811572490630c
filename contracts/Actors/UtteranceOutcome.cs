namespace Fleet.Contracts.Actors;

/// <summary>What the device was told about an utterance that it sent.</summary>
public enum UtteranceOutcome
{
    /// <summary>Committed.</summary>
    Stored,

    /// <summary>Was stored before.</summary>
    Duplicate,

    /// <summary>Refused, for good or for now.</summary>
    Rejected,
}
