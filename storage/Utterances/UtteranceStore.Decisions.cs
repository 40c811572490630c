using Npgsql;
using NpgsqlTypes;

namespace Fleet.Storage;

/// <summary>What people decide about utterances that are stored: transcribe once more, erase.</summary>
public sealed partial class UtteranceStore
{
    // Most rows of one transaction: what is retried or erased is locked by it.
    private const int MaxStep = 500;

    // The attempt stays: a late result of the one before must not fit. What bounds attempts is counted by the silo that claims the row, anew.
    // Nothing is written while the one who failed it still has it: then the next sweep finds it without owner.
    private const string Again =
        """
        UPDATE utterances u
           SET status = 1, owner = NULL, text = NULL, confidence = NULL, reason = NULL, engine = NULL, model = NULL, deployment = NULL,
               request_id = NULL, transcribed_at = NULL, endpoint = NULL, queued_ms = NULL, scored_ms = NULL, alternatives = NULL, words = NULL,
               version = NULL
        """;

    private const string RetryNamed =
        $"""
        {Again}
          FROM unnest($1::text[], $2::uuid[]) AS t(device_id, utterance_id)
         WHERE u.device_id = t.device_id AND u.utterance_id = t.utterance_id AND u.status = 4
           AND EXISTS (SELECT FROM utterance_audio a WHERE a.device_id = u.device_id AND a.utterance_id = u.utterance_id)
        """;

    // By the id from one step to the next, so that what fails again meanwhile is not retried again.
    private const string RetryNext =
        $"""
        WITH next AS (
            SELECT u.device_id, u.utterance_id
              FROM utterances u
             WHERE u.status = 4 AND (u.utterance_id, u.device_id) > ($1, $2)
               AND u.utterance_id >= $1
               AND ($3::timestamptz IS NULL OR u.started_at >= $3) AND ($4::timestamptz IS NULL OR u.started_at < $4)
               AND ($5::uuid IS NULL OR u.utterance_id < $5)
               AND EXISTS (SELECT FROM utterance_audio a WHERE a.device_id = u.device_id AND a.utterance_id = u.utterance_id)
             ORDER BY u.utterance_id, u.device_id LIMIT $6
               FOR UPDATE
        ),
        retried AS (
            {Again}
              FROM next n WHERE u.device_id = n.device_id AND u.utterance_id = n.utterance_id
        )
        SELECT device_id, utterance_id FROM next ORDER BY utterance_id, device_id
        """;

    private const string Erase =
        """
        WITH erased AS (
            DELETE FROM utterances u
             USING unnest($1::text[], $2::uuid[]) AS t(device_id, utterance_id)
             WHERE u.device_id = t.device_id AND u.utterance_id = t.utterance_id
            RETURNING u.device_id, u.utterance_id, u.install_id, u.sequence_number
        ),
        audio AS (
            DELETE FROM utterance_audio a
             USING unnest($1::text[], $2::uuid[]) AS t(device_id, utterance_id)
             WHERE a.device_id = t.device_id AND a.utterance_id = t.utterance_id
        ),
        tombstones AS (
            INSERT INTO erased_utterances (device_id, utterance_id, install_id, sequence_number)
            SELECT device_id, utterance_id, install_id, sequence_number FROM erased
            ON CONFLICT DO NOTHING
        )
        SELECT count(*)::int FROM erased
        """;

    // A statement of its own, after the rows are gone: whoever added a version or a result of a run meanwhile held the row, has committed, and is seen.
    private const string EraseVersions =
        """
        WITH versions AS (
            DELETE FROM transcript_versions v
             USING unnest($1::text[], $2::uuid[]) AS t(device_id, utterance_id)
             WHERE v.device_id = t.device_id AND v.utterance_id = t.utterance_id
        )
        UPDATE retranscription_items i
           SET state = 3, reason = 'It was erased.', version = NULL, old_version = NULL, old_words = NULL, word_edits = NULL
          FROM unnest($1::text[], $2::uuid[]) AS t(device_id, utterance_id)
         WHERE i.device_id = t.device_id AND i.utterance_id = t.utterance_id
        """;

    /// <summary>Failed utterances whose audio is there wait for a transcript again; how many. The others stay as they are.</summary>
    public Task<int> RetryAsync(IReadOnlyCollection<UtteranceKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return InStepsAsync(
            keys,
            async (step, token) => await database.RunAsync(
                async (connection, inner) =>
                {
                    await using NpgsqlCommand command = new(RetryNamed, connection) { Parameters = { DeviceIds(step), UtteranceIds(step) } };
                    return await command.ExecuteNonQueryAsync(inner);
                },
                token),
            cancellationToken);
    }

    /// <summary>As above, for all that were spoken in [from, to); null = open.</summary>
    public async Task<int> RetryAsync(DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken = default)
    {
        int retried = 0;
        UtteranceKey? after = new UtteranceKey("", from is { } first ? UtteranceIdTime.Floor(first, -UtteranceIdTime.Tolerance) : Guid.Empty);
        while (after is { } last)
        {
            IReadOnlyList<UtteranceKey> step = await RetryNextAsync(last, from, to, cancellationToken);
            retried += step.Count;
            after = step.Count == MaxStep ? step[^1] : null;
        }

        return retried;
    }

    /// <summary>
    /// Removes utterances with audio, text and every version of it; how many were there. They stay refused: <see cref="StoreOutcome.Gone"/>. Their numbers stay
    /// accounted for.
    /// </summary>
    public Task<int> EraseAsync(IReadOnlyCollection<UtteranceKey> keys, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return InStepsAsync(
            keys,
            async (step, token) => await database.RunAsync(
                async (connection, inner) =>
                {
                    // Locked as by a store: an utterance that is being stored is there afterwards, or refused.
                    await using NpgsqlBatch batch = new(connection)
                    {
                        BatchCommands =
                        {
                            new NpgsqlBatchCommand(StoreStatements.LockDevices) { Parameters = { DeviceIds(step) } },
                            new NpgsqlBatchCommand(Erase) { Parameters = { DeviceIds(step), UtteranceIds(step) } },
                            new NpgsqlBatchCommand(EraseVersions) { Parameters = { DeviceIds(step), UtteranceIds(step) } },
                        },
                    };
                    await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(inner);
                    await reader.NextResultAsync(inner);
                    await reader.ReadAsync(inner);
                    int erased = reader.GetInt32(0);
                    await reader.CloseAsync();
                    return erased;
                },
                token),
            cancellationToken);
    }

    private Task<IReadOnlyList<UtteranceKey>> RetryNextAsync(
        UtteranceKey after, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<UtteranceKey>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(RetryNext, connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<Guid> { TypedValue = after.UtteranceId },
                        new NpgsqlParameter<string> { TypedValue = after.DeviceId },
                        Nullable(from?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                        Nullable(to?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                        Nullable(to is { } end ? UtteranceIdTime.Floor(end, UtteranceIdTime.Tolerance) : null, NpgsqlDbType.Uuid),
                        new NpgsqlParameter<int> { TypedValue = MaxStep },
                    },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<UtteranceKey> step = [];
                while (await reader.ReadAsync(token))
                {
                    step.Add(new UtteranceKey(reader.GetString(0), reader.GetGuid(1)));
                }

                await reader.CloseAsync();
                return step;
            },
            cancellationToken);

    private static async Task<int> InStepsAsync(
        IReadOnlyCollection<UtteranceKey> keys, Func<UtteranceKey[], CancellationToken, Task<int>> step, CancellationToken cancellationToken)
    {
        int done = 0;
        foreach (UtteranceKey[] chunk in keys.Where(key => DatabaseText.IsStorable(key.DeviceId)).Distinct().Chunk(MaxStep))
        {
            done += await step(chunk, cancellationToken);
        }

        return done;
    }

    private static NpgsqlParameter<string[]> DeviceIds(UtteranceKey[] keys) => new() { TypedValue = [.. keys.Select(key => key.DeviceId)] };

    private static NpgsqlParameter<Guid[]> UtteranceIds(UtteranceKey[] keys) => new() { TypedValue = [.. keys.Select(key => key.UtteranceId)] };

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
