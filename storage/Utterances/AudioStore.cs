namespace Fleet.Storage;

/// <summary>Reads the audio of utterances.</summary>
public sealed class AudioStore(FleetDatabase database)
{
    /// <summary>The audio; null when there is none (any more).</summary>
    public Task<StoredAudio?> ReadAsync(string deviceId, Guid utteranceId, CancellationToken cancellationToken = default) => throw new NotImplementedException(database.ToString());
}
