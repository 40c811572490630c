namespace Fleet.Contracts.Actors;

/// <summary>How far a device has counted its utterances, as it said last.</summary>
/// <param name="SessionEpoch">The session in which it said so.</param>
/// <param name="NextSequenceNumber">The number that its next new utterance will have.</param>
/// <param name="SettledBelow">Every utterance with a lower number was answered for good; 0 = not said.</param>
public sealed record ReportedNumbers(long SessionEpoch, ulong NextSequenceNumber, ulong SettledBelow);
