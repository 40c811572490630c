namespace Fleet.Storage;

/// <summary>The primary key of an utterance.</summary>
public readonly record struct UtteranceKey(string DeviceId, Guid UtteranceId);
