namespace Fleet.Contracts.Actors;

/// <summary>What a heartbeat says about the device.</summary>
/// <param name="SpoolUtterances">Utterances that wait on the device.</param>
/// <param name="SpoolBytes">Bytes of PCM that wait on the device.</param>
/// <param name="Health">What is wrong with the device; empty when it is well.</param>
/// <param name="NextSequenceNumber">The number that the device's next new utterance will have.</param>
/// <param name="SettledBelow">Every utterance with a lower number was answered for good; 0 = not said.</param>
public sealed record DeviceReport(
    uint SpoolUtterances, ulong SpoolBytes, IReadOnlyList<string> Health, ulong NextSequenceNumber, ulong SettledBelow = 0);
