using Npgsql;

namespace Fleet.Storage;

/// <summary>Reads the audio of utterances.</summary>
public sealed class AudioStore(FleetDatabase database)
{
    /// <summary>The audio; null when there is none (any more).</summary>
    public Task<StoredAudio?> ReadAsync(string deviceId, Guid utteranceId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        if (!DatabaseText.IsStorable(deviceId))
        {
            return Task.FromResult<StoredAudio?>(null);
        }

        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(
                    "SELECT sample_rate_hz, pcm, transcribe_from_ms FROM utterance_audio WHERE device_id = $1 AND utterance_id = $2", connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = deviceId },
                        new NpgsqlParameter<Guid> { TypedValue = utteranceId },
                    },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                return await reader.ReadAsync(token)
                    ? new StoredAudio(reader.GetInt32(0), await reader.GetFieldValueAsync<byte[]>(1, token)) { TranscribeFrom = TimeSpan.FromMilliseconds(reader.GetInt32(2)) }
                    : null;
            },
            cancellationToken);
    }
}
