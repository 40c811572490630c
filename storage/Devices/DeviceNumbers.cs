namespace Fleet.Storage;

/// <summary>What a device says about its numbers, in Hello and Heartbeat.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="SessionEpoch">Epoch of the session; what an older one says than the device's newest is not heard.</param>
/// <param name="NextSequenceNumber">The number that its next utterance will have; 0 = it does not say.</param>
/// <param name="SettledBelow">Utterances with lower numbers were answered for good; 0 = it does not say.</param>
public sealed record DeviceNumbers(string DeviceId, long SessionEpoch, long NextSequenceNumber, long SettledBelow);
