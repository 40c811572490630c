using Fleet.V1;
using Npgsql;

namespace Fleet.Storage;

/// <summary>Reads the versions of a transcript. Needs no more than the role fleet_reader may.</summary>
public sealed class TranscriptVersions(FleetDatabase database)
{
    // More runs than anybody compares; the newest are left out last.
    private const string List =
        """
        SELECT * FROM (
            SELECT v.version, v.version = u.version AS is_current, v.run_id, v.status, coalesce(v.text, ''), v.confidence, v.engine, v.model,
                   v.deployment, v.attempt, v.request_id, v.endpoint, v.queued_ms, v.scored_ms, v.alternatives::text, v.words::text, v.created_at
              FROM transcript_versions v JOIN utterances u ON u.device_id = v.device_id AND u.utterance_id = v.utterance_id
             WHERE v.device_id = $1 AND v.utterance_id = $2
            UNION ALL
            SELECT NULL, true, NULL, u.status, coalesce(u.text, ''), u.confidence, u.engine, u.model,
                   u.deployment, u.attempt, u.request_id, u.endpoint, u.queued_ms, u.scored_ms, u.alternatives::text, u.words::text, u.transcribed_at
              FROM utterances u
             WHERE u.device_id = $1 AND u.utterance_id = $2 AND u.version IS NULL AND u.status IN (2, 3)) AS versions
         ORDER BY is_current IS TRUE DESC, version DESC LIMIT 100
        """;

    /// <summary>The one that history shows first, then the others, newest first; empty when there is no transcript.</summary>
    public Task<IReadOnlyList<UtteranceVersion>> ListAsync(string deviceId, Guid utteranceId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        if (!DatabaseText.IsStorable(deviceId))
        {
            return Task.FromResult<IReadOnlyList<UtteranceVersion>>([]);
        }

        return database.RunAsync<IReadOnlyList<UtteranceVersion>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(List, connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = deviceId },
                        new NpgsqlParameter<Guid> { TypedValue = utteranceId },
                    },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<UtteranceVersion> versions = [];
                while (await reader.ReadAsync(token))
                {
                    versions.Add(Read(reader));
                }

                return versions;
            },
            cancellationToken);
    }

    private static UtteranceVersion Read(NpgsqlDataReader reader) => new()
    {
        Version = reader.IsDBNull(0) ? null : reader.GetInt32(0),
        IsCurrent = !reader.IsDBNull(1) && reader.GetBoolean(1),
        RunId = reader.IsDBNull(2) ? null : reader.GetGuid(2),
        Status = (UtteranceStatus)reader.GetInt16(3),
        Text = reader.GetString(4),
        Confidence = reader.GetNumber(5),
        Engine = reader.GetText(6),
        Model = reader.GetText(7),
        Deployment = reader.GetText(8),
        Attempt = reader.GetInt32(9),
        RequestId = reader.GetText(10),
        Details = new TranscriptDetails
        {
            Endpoint = reader.GetText(11),
            Queued = reader.GetMilliseconds(12),
            Scored = reader.GetMilliseconds(13),
            Alternatives = DetailsJson.ReadAlternatives(reader.GetText(14)),
            Words = DetailsJson.ReadWords(reader.GetText(15)),
        },
        CreatedAt = reader.GetTimeOrNull(16),
    };
}
