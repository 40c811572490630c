using Npgsql;
using NpgsqlTypes;

namespace Fleet.Storage;

/// <summary>The row is the job: what the silo that has a run does with it.</summary>
public sealed partial class RetranscriptionStore
{
    /// <summary>
    /// Takes over a run in one of these states that nobody works on: without owner, or whose owner's lease has ended; also the caller's own, so call it only
    /// while working on none. Null when there is none, or the caller's lease has ended.
    /// </summary>
    public Task<RetranscriptionClaim?> ClaimAsync(long ownerEpoch, IReadOnlyList<RetranscriptionState> states, CancellationToken cancellationToken = default) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(RetranscriptionSql.Claim, connection)
                {
                    Parameters = { Epoch(ownerEpoch), new NpgsqlParameter<short[]> { TypedValue = [.. states.Select(state => (short)state)] } },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                RetranscriptionClaim? claim = await reader.ReadAsync(token)
                    ? new RetranscriptionClaim(reader.GetGuid(0), reader.GetString(1), (RetranscriptionState)reader.GetInt16(2), ownerEpoch, reader.GetInt32(3))
                    : null;
                await reader.CloseAsync();
                return claim;
            },
            cancellationToken);

    /// <summary>Whether a claim still holds: not cancelled, not taken by another silo.</summary>
    public Task<bool> IsMineAsync(RetranscriptionClaim claim, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(RetranscriptionSql.IsMine, connection);
                command.Parameters.AddRange((NpgsqlParameter[])[.. Fence(claim), Small(claim.State)]);
                return (bool)(await command.ExecuteScalarAsync(token))!; // it always answers
            },
            cancellationToken);
    }

    /// <summary>What waits in a run after the given utterance, in order.</summary>
    public Task<IReadOnlyList<RetranscriptionTask>> NextAsync(Guid runId, UtteranceKey after, int max, CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<RetranscriptionTask>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(RetranscriptionSql.Next, connection)
                {
                    Parameters = { Id(runId), Id(after.UtteranceId), Text(after.DeviceId), Number(max) },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<RetranscriptionTask> tasks = [];
                while (await reader.ReadAsync(token))
                {
                    tasks.Add(new RetranscriptionTask(new UtteranceKey(reader.GetString(0), reader.GetGuid(1)), reader.GetBoolean(2), reader.GetText(3)));
                }

                return tasks;
            },
            cancellationToken);

    /// <summary>Keeps what the run's deployment made of an utterance, beside what history shows.</summary>
    public Task<RetranscriptionWrite> AddVersionAsync(
        RetranscriptionClaim claim, UtteranceKey key, NewVersion version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        ArgumentNullException.ThrowIfNull(version);
        return WriteAsync(
            RetranscriptionSql.AddVersion,
            key,
            [
                .. Fence(claim), Text(key.DeviceId), Id(key.UtteranceId),
                new NpgsqlParameter<short> { TypedValue = (short)version.Status },
                Optional(version.Text, UtteranceStore.MaxTextLength),
                Nullable(UtteranceStore.Finite(version.Confidence), NpgsqlDbType.Real),
                Optional(version.Engine), Optional(version.Model), Optional(version.Deployment), Optional(version.Details.Endpoint), Optional(version.RequestId),
                Nullable(DetailsJson.Milliseconds(version.Details.Queued), NpgsqlDbType.Integer),
                Nullable(DetailsJson.Milliseconds(version.Details.Scored), NpgsqlDbType.Integer),
                Nullable(DetailsJson.Write(version.Details.Alternatives), NpgsqlDbType.Text),
                Nullable(DetailsJson.Write(version.Details.Words), NpgsqlDbType.Text),
                Number(version.OldWords), Number(version.WordEdits),
            ],
            cancellationToken);
    }

    /// <summary>Says why there is nothing new of an utterance.</summary>
    /// <param name="claim">Of the run.</param>
    /// <param name="key">The utterance.</param>
    /// <param name="state">Skipped or Failed.</param>
    /// <param name="reason">For people.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<RetranscriptionWrite> EndItemAsync(
        RetranscriptionClaim claim, UtteranceKey key, RetranscriptionItemState state, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return WriteAsync(
            RetranscriptionSql.EndItem,
            key,
            [
                .. Fence(claim), Text(key.DeviceId), Id(key.UtteranceId), new NpgsqlParameter<short> { TypedValue = (short)state },
                Optional(reason, UtteranceStore.MaxReasonLength),
            ],
            cancellationToken);
    }

    /// <summary>Ends a run in which nothing waits any more; false: something does, or it is not the caller's.</summary>
    public Task<bool> FinishAsync(RetranscriptionClaim claim, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return ChangeAsync(RetranscriptionSql.Finish, Fence(claim), cancellationToken);
    }

    /// <summary>Carries out a decision for at most so many utterances; how many it were. Null: the run is not the caller's any more.</summary>
    public Task<int?> CarryOutAsync(RetranscriptionClaim claim, int max, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return database.RunAsync<int?>(
            async (connection, token) =>
            {
                await using NpgsqlBatch batch = new(connection);
                batch.BatchCommands.Add(new NpgsqlBatchCommand(RetranscriptionSql.LockDevicesOfNext) { Parameters = { Id(claim.RunId), Number(max) } });
                NpgsqlBatchCommand step = new(claim.State == RetranscriptionState.Promoting ? RetranscriptionSql.Promote : RetranscriptionSql.Discard);
                step.Parameters.AddRange((NpgsqlParameter[])[.. Fence(claim), Number(max)]);
                batch.BatchCommands.Add(step);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                await reader.NextResultAsync(token);
                await reader.ReadAsync(token);
                int? done = reader.GetBoolean(0) ? reader.GetInt32(1) : null;
                await reader.CloseAsync();
                return done;
            },
            cancellationToken);
    }

    /// <summary>A decision is carried out.</summary>
    public Task<bool> SettleAsync(RetranscriptionClaim claim, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return ChangeAsync(RetranscriptionSql.Settle, [.. Fence(claim), Small(claim.State)], cancellationToken);
    }

    private Task<RetranscriptionWrite> WriteAsync(string sql, UtteranceKey key, NpgsqlParameter[] parameters, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlBatch batch = new(connection);
                batch.BatchCommands.Add(new NpgsqlBatchCommand(RetranscriptionSql.LockUtterance) { Parameters = { Text(key.DeviceId), Id(key.UtteranceId) } });
                NpgsqlBatchCommand write = new(sql);
                write.Parameters.AddRange(parameters);
                batch.BatchCommands.Add(write);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                await reader.NextResultAsync(token);
                await reader.ReadAsync(token);
                (bool isMine, bool isWritten) = (reader.GetBoolean(0), reader.GetBoolean(1));
                await reader.CloseAsync();
                return (isMine, isWritten) switch
                {
                    (_, true) => RetranscriptionWrite.Written,
                    (true, false) => RetranscriptionWrite.NotNeeded,
                    _ => RetranscriptionWrite.NotYours,
                };
            },
            cancellationToken);

    private static NpgsqlParameter[] Fence(RetranscriptionClaim claim) => [Id(claim.RunId), Epoch(claim.OwnerEpoch), Number(claim.Attempt)];

    private static NpgsqlParameter Optional(string? text, int maxLength = UtteranceStore.MaxNameLength) =>
        Nullable(DatabaseText.Sanitize(text, maxLength), NpgsqlDbType.Text);
}
