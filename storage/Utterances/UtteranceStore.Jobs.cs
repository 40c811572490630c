using Fleet.V1;
using Npgsql;

namespace Fleet.Storage;

/// <summary>The row is the job: who has it (owner, attempt) and how it ends.</summary>
public sealed partial class UtteranceStore
{
    // Two statements in one transaction: the second one says of each job whether it ended with its own owner and attempt. So a call that
    // is made again, because the connection broke after its commit, answers the same.
    private const string Complete =
        """
        UPDATE utterances u
           SET status = t.status, text = t.text, confidence = t.confidence, reason = t.reason, engine = t.engine, model = t.model,
               deployment = t.deployment, request_id = t.request_id, transcribed_at = clock_timestamp(), endpoint = t.endpoint,
               queued_ms = t.queued_ms, scored_ms = t.scored_ms, alternatives = t.alternatives::jsonb, words = t.words::jsonb, version = NULL
          FROM unnest(
                $1::text[], $2::uuid[], $3::bigint[], $4::int[], $5::smallint[], $6::text[], $7::real[], $8::text[], $9::text[],
                $10::text[], $11::text[], $12::text[], $13::text[], $14::int[], $15::int[], $16::text[], $17::text[]) AS t(
                device_id, utterance_id, owner, attempt, status, text, confidence, reason, engine, model, deployment, request_id,
                endpoint, queued_ms, scored_ms, alternatives, words)
         WHERE u.device_id = t.device_id AND u.utterance_id = t.utterance_id
           AND u.owner = t.owner AND u.attempt = t.attempt AND u.status = 1
        """;

    private const string Completed =
        """
        SELECT u.device_id IS NOT NULL
          FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::int[])
               WITH ORDINALITY AS t(device_id, utterance_id, owner, attempt, ordinal)
          LEFT JOIN utterances u
            ON u.device_id = t.device_id AND u.utterance_id = t.utterance_id
           AND u.owner = t.owner AND u.attempt = t.attempt AND u.status <> 1
         ORDER BY t.ordinal
        """;

    // The owner is compared with a list and not joined: a row that another silo has just claimed is checked once more when it is locked, in
    // its new version, and an outer join would then find no silo for it and call it free.
    // A silo whose own lease has ended gets nothing: it would lose it again at once.
    private const string Claim =
        """
        WITH free AS (
            SELECT u.device_id, u.utterance_id
              FROM utterances u
             WHERE u.status = 1
               AND (u.owner IS NULL OR u.owner = ANY (ARRAY(SELECT s.epoch FROM silos s WHERE s.lease_until < clock_timestamp())))
               AND EXISTS (SELECT FROM silos c WHERE c.epoch = $1 AND c.lease_until >= clock_timestamp())
             ORDER BY u.utterance_id LIMIT $2
               FOR UPDATE SKIP LOCKED
        ),
        claimed AS (
            UPDATE utterances u SET owner = $1, attempt = u.attempt + 1
              FROM free f WHERE u.device_id = f.device_id AND u.utterance_id = f.utterance_id
            RETURNING u.device_id, u.utterance_id, u.attempt, u.started_at, u.duration_ms
        )
        SELECT c.device_id, c.utterance_id, c.attempt, c.started_at, c.duration_ms, a.sample_rate_hz, a.pcm, a.transcribe_from_ms
          FROM claimed c LEFT JOIN utterance_audio a ON a.device_id = c.device_id AND a.utterance_id = c.utterance_id
         ORDER BY c.utterance_id
        """;

    private static readonly UtteranceStatus[] _ends =
        [UtteranceStatus.Transcribed, UtteranceStatus.Empty, UtteranceStatus.Failed, UtteranceStatus.Lost];

    /// <summary>
    /// Writes results; for each whether the utterance ended with it. False: owner or attempt are not the row's any more (another silo has
    /// taken it over), or there is no such row.
    /// </summary>
    public async Task<IReadOnlyList<bool>> CompleteAsync(
        IReadOnlyList<TranscriptResult> results, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        foreach (TranscriptResult result in results)
        {
            if (!_ends.Contains(result.Status))
            {
                throw new ArgumentException($"{result.Status} is not how an utterance ends.", nameof(results));
            }
        }

        if (results.Count == 0)
        {
            return [];
        }

        return await database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlBatch batch = CreateComplete(connection, results);
                List<bool> written = new(results.Count);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                while (await reader.ReadAsync(token))
                {
                    written.Add(reader.GetBoolean(0));
                }

                await reader.CloseAsync();
                return written;
            },
            cancellationToken);
    }

    /// <summary>
    /// Takes over stored utterances that nobody works on: without owner, or whose owner's lease has ended. Oldest first, with their audio.
    /// Empty when the lease of <paramref name="ownerEpoch"/> itself has ended.
    /// </summary>
    public Task<IReadOnlyList<ClaimedUtterance>> ClaimAsync(long ownerEpoch, int max, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(max);
        return database.RunAsync<IReadOnlyList<ClaimedUtterance>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(Claim, connection)
                {
                    Parameters = { new NpgsqlParameter<long> { TypedValue = ownerEpoch }, new NpgsqlParameter<int> { TypedValue = max } },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<ClaimedUtterance> claimed = [];
                while (await reader.ReadAsync(token))
                {
                    claimed.Add(new ClaimedUtterance(
                        new UtteranceKey(reader.GetString(0), reader.GetGuid(1)),
                        reader.GetInt32(2),
                        reader.GetTime(3),
                        TimeSpan.FromMilliseconds(reader.GetInt32(4)),
                        await reader.IsDBNullAsync(5, token)
                            ? null
                            : new StoredAudio(reader.GetInt32(5), await reader.GetFieldValueAsync<byte[]>(6, token)) { TranscribeFrom = TimeSpan.FromMilliseconds(reader.GetInt32(7)) }));
                }

                await reader.CloseAsync();
                return claimed;
            },
            cancellationToken);
    }

    /// <summary>What a silo has to transcribe, oldest first; at most so many.</summary>
    public Task<IReadOnlyList<OwnedUtterance>> ListOwnedAsync(long ownerEpoch, int max, CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<OwnedUtterance>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(
                    "SELECT device_id, utterance_id, attempt FROM utterances WHERE status = 1 AND owner = $1 ORDER BY utterance_id LIMIT $2", connection)
                {
                    Parameters = { new NpgsqlParameter<long> { TypedValue = ownerEpoch }, new NpgsqlParameter<int> { TypedValue = max } },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<OwnedUtterance> owned = [];
                while (await reader.ReadAsync(token))
                {
                    owned.Add(new OwnedUtterance(new UtteranceKey(reader.GetString(0), reader.GetGuid(1)), reader.GetInt32(2)));
                }

                return owned;
            },
            cancellationToken);

    /// <summary>Gives everything back that a silo owns and has not completed; how many. For a graceful stop.</summary>
    public Task<int> ReleaseAsync(long ownerEpoch, CancellationToken cancellationToken = default) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new("UPDATE utterances SET owner = NULL WHERE status = 1 AND owner = $1", connection)
                {
                    Parameters = { new NpgsqlParameter<long> { TypedValue = ownerEpoch } },
                };
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken);

    /// <summary>Gives some of it back, such as what a full queue did not take; how many. Whoever claims next gets it.</summary>
    public Task<int> ReleaseAsync(long ownerEpoch, IReadOnlyList<UtteranceKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(
                    """
                    UPDATE utterances u SET owner = NULL
                      FROM unnest($2::text[], $3::uuid[]) AS t(device_id, utterance_id)
                     WHERE u.device_id = t.device_id AND u.utterance_id = t.utterance_id AND u.status = 1 AND u.owner = $1
                    """,
                    connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<long> { TypedValue = ownerEpoch },
                        new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(key => key.DeviceId)] },
                        new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.UtteranceId)] },
                    },
                };
                return await command.ExecuteNonQueryAsync(token);
            },
            cancellationToken);
    }

    private static NpgsqlBatch CreateComplete(NpgsqlConnection connection, IReadOnlyList<TranscriptResult> results)
    {
        string[] deviceIds = [.. results.Select(result => result.Key.DeviceId)];
        Guid[] utteranceIds = [.. results.Select(result => result.Key.UtteranceId)];
        long[] owners = [.. results.Select(result => result.OwnerEpoch)];
        int[] attempts = [.. results.Select(result => result.Attempt)];
        return new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(Complete)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string[]> { TypedValue = deviceIds },
                        new NpgsqlParameter<Guid[]> { TypedValue = utteranceIds },
                        new NpgsqlParameter<long[]> { TypedValue = owners },
                        new NpgsqlParameter<int[]> { TypedValue = attempts },
                        new NpgsqlParameter<short[]> { TypedValue = [.. results.Select(result => (short)result.Status)] },
                        Text(results, result => result.Text, MaxTextLength),
                        new NpgsqlParameter<float?[]> { TypedValue = [.. results.Select(result => Finite(result.Confidence))] },
                        Text(results, result => result.Reason, MaxReasonLength),
                        Text(results, result => result.Engine, MaxNameLength),
                        Text(results, result => result.Model, MaxNameLength),
                        Text(results, result => result.Deployment, MaxNameLength),
                        Text(results, result => result.RequestId, MaxNameLength),
                        Text(results, result => result.Details?.Endpoint, MaxNameLength),
                        new NpgsqlParameter<int?[]> { TypedValue = [.. results.Select(result => DetailsJson.Milliseconds(result.Details?.Queued))] },
                        new NpgsqlParameter<int?[]> { TypedValue = [.. results.Select(result => DetailsJson.Milliseconds(result.Details?.Scored))] },
                        new NpgsqlParameter<string?[]> { TypedValue = [.. results.Select(result => DetailsJson.Write(result.Details?.Alternatives ?? []))] },
                        new NpgsqlParameter<string?[]> { TypedValue = [.. results.Select(result => DetailsJson.Write(result.Details?.Words ?? []))] },
                    },
                },
                new NpgsqlBatchCommand(Completed)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string[]> { TypedValue = deviceIds },
                        new NpgsqlParameter<Guid[]> { TypedValue = utteranceIds },
                        new NpgsqlParameter<long[]> { TypedValue = owners },
                        new NpgsqlParameter<int[]> { TypedValue = attempts },
                    },
                },
            },
        };
    }

    internal static float? Finite(float? confidence) => confidence is { } value && float.IsFinite(value) ? value : null;

    // An engine's answer is never a reason to lose it: what PostgreSQL cannot hold is replaced, what is too long is cut.
    private static NpgsqlParameter<string?[]> Text(
        IReadOnlyList<TranscriptResult> results, Func<TranscriptResult, string?> text, int maxLength) =>
        new() { TypedValue = [.. results.Select(result => DatabaseText.Sanitize(text(result), maxLength))] };
}
