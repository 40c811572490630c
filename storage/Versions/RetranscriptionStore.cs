using System.Text.Json;
using Fleet.V1;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Storage;

/// <summary>
/// Runs of history through another deployment: what people ask for and see. Every method throws <see cref="StorageUnavailableException"/> when it is to
/// be tried again, and may be called again after that without harm.
/// </summary>
public sealed partial class RetranscriptionStore(FleetDatabase database)
{
    /// <summary>Runs that may wait for their end or for a decision.</summary>
    public const int MaxOpenRuns = 20;

    /// <summary>Longest name of a deployment and of who asks, in UTF-16 units.</summary>
    public const int MaxNameLength = 128;

    private static readonly JsonSerializerOptions _json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly UtteranceStatus[] _statuses = [UtteranceStatus.Transcribed, UtteranceStatus.Empty, UtteranceStatus.Failed];

    /// <summary>Starts a run over what the filter finds now; a silo takes it up.</summary>
    /// <param name="run">What and by whom.</param>
    /// <param name="maxUtterances">A run has no more than this.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<StartRetranscriptionOutcome> StartAsync(NewRetranscription run, int maxUtterances, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token);
                if (await InsertRunAsync(connection, run, token) == 0)
                {
                    await using NpgsqlCommand exists = new(RetranscriptionSql.Exists, connection) { Parameters = { Id(run.RunId) } };
                    return (bool)(await exists.ExecuteScalarAsync(token))! // it always answers
                        ? StartRetranscriptionOutcome.Started
                        : StartRetranscriptionOutcome.TooManyRuns;
                }

                int items = await InsertItemsAsync(connection, run, maxUtterances, token);
                if (items == 0 || items > maxUtterances)
                {
                    return items == 0 ? StartRetranscriptionOutcome.NothingFound : StartRetranscriptionOutcome.TooManyUtterances;
                }

                await transaction.CommitAsync(token);
                return StartRetranscriptionOutcome.Started;
            },
            cancellationToken);
    }

    /// <summary>The newest runs, newest first.</summary>
    public Task<IReadOnlyList<RetranscriptionRun>> ListAsync(int max, CancellationToken cancellationToken = default) => ReadRunsAsync(null, max, cancellationToken);

    /// <summary>One run; null when there is none.</summary>
    public async Task<RetranscriptionRun?> GetAsync(Guid runId, CancellationToken cancellationToken = default) =>
        (await ReadRunsAsync(runId, 1, cancellationToken)).SingleOrDefault();

    /// <summary>Utterances of a run in the order in which they were spoken, after the given one.</summary>
    public Task<IReadOnlyList<RetranscriptionItem>> ListItemsAsync(
        Guid runId, UtteranceKey after, bool onlyDiffering, int max, CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyList<RetranscriptionItem>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(RetranscriptionSql.Items, connection)
                {
                    Parameters =
                    {
                        Id(runId), Id(after.UtteranceId), Text(after.DeviceId), new NpgsqlParameter<bool> { TypedValue = onlyDiffering }, Number(max),
                    },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<RetranscriptionItem> items = [];
                while (await reader.ReadAsync(token))
                {
                    items.Add(new RetranscriptionItem(
                        new UtteranceKey(reader.GetString(0), reader.GetGuid(1)),
                        reader.GetTimeOrNull(2),
                        (RetranscriptionItemState)reader.GetInt16(3),
                        reader.GetText(4),
                        reader.GetText(5),
                        reader.GetText(6),
                        reader.GetText(7),
                        reader.GetNumber(8)));
                }

                return items;
            },
            cancellationToken);

    /// <summary>Stops a run that is not finished; false: it is not running.</summary>
    public Task<bool> CancelAsync(Guid runId, CancellationToken cancellationToken = default) =>
        ChangeAsync(RetranscriptionSql.Cancel, [Id(runId)], cancellationToken);

    /// <summary>Its texts become the ones that history shows: a silo does it. False: it is neither finished nor cancelled.</summary>
    public Task<bool> PromoteAsync(Guid runId, string decidedBy, CancellationToken cancellationToken = default) =>
        DecideAsync(runId, RetranscriptionState.Promoting, decidedBy, cancellationToken);

    /// <summary>Its texts go: a silo does it. False: it is neither finished nor cancelled.</summary>
    public Task<bool> DiscardAsync(Guid runId, string decidedBy, CancellationToken cancellationToken = default) =>
        DecideAsync(runId, RetranscriptionState.Discarding, decidedBy, cancellationToken);

    private Task<bool> DecideAsync(Guid runId, RetranscriptionState state, string decidedBy, CancellationToken cancellationToken) => ChangeAsync(
        RetranscriptionSql.Decide, [Id(runId), Small(state), Text(DatabaseText.Sanitize(decidedBy, MaxNameLength))], cancellationToken);

    private Task<bool> ChangeAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken) => database.RunAsync(
        async (connection, token) =>
        {
            await using NpgsqlCommand command = new(sql, connection);
            command.Parameters.AddRange(parameters);
            return await command.ExecuteNonQueryAsync(token) == 1;
        },
        cancellationToken);

    private static async Task<int> InsertRunAsync(NpgsqlConnection connection, NewRetranscription run, CancellationToken cancellationToken)
    {
        RetranscriptionFilter filter = run.Filter with
        {
            Text = SearchText(run.Filter),
            DeviceIds = [.. run.Filter.DeviceIds.Where(DatabaseText.IsStorable)],
        };
        await using NpgsqlCommand insert = new(RetranscriptionSql.InsertRun, connection)
        {
            Parameters =
            {
                Id(run.RunId),
                Text(DatabaseText.Sanitize(run.Deployment, MaxNameLength)),
                Text(JsonSerializer.Serialize(filter, _json)),
                Text(DatabaseText.Sanitize(run.RequestedBy, MaxNameLength)),
                Number(MaxOpenRuns),
            },
        };
        return await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> InsertItemsAsync(NpgsqlConnection connection, NewRetranscription run, int maxUtterances, CancellationToken cancellationToken)
    {
        RetranscriptionFilter filter = run.Filter;
        UtteranceStatus[] statuses = filter.Statuses.Count == 0 ? _statuses : [.. filter.Statuses.Intersect(_statuses)];
        await using NpgsqlCommand insert = new(RetranscriptionSql.InsertItems, connection)
        {
            Parameters =
            {
                Id(run.RunId),
                new NpgsqlParameter<short[]> { TypedValue = [.. statuses.Select(status => (short)status)] },
                Nullable(
                    filter.DeviceIds.Count == 0 ? null : filter.DeviceIds.Where(DatabaseText.IsStorable).ToArray(),
                    NpgsqlDbType.Array | NpgsqlDbType.Text),
                Nullable(filter.From?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                Nullable(IdBound(filter.From, -UtteranceIdTime.Tolerance), NpgsqlDbType.Uuid),
                Nullable(filter.To?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                Nullable(IdBound(filter.To, UtteranceIdTime.Tolerance), NpgsqlDbType.Uuid),
                Nullable(SearchText(filter), NpgsqlDbType.Text),
                Number(maxUtterances + 1),
            },
        };
        return await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private Task<IReadOnlyList<RetranscriptionRun>> ReadRunsAsync(Guid? runId, int max, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<RetranscriptionRun>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(RetranscriptionSql.Runs, connection)
                {
                    Parameters = { Nullable(runId, NpgsqlDbType.Uuid), Number(max) },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<RetranscriptionRun> runs = [];
                while (await reader.ReadAsync(token))
                {
                    runs.Add(ReadRun(reader));
                }

                return runs;
            },
            cancellationToken);

    private static RetranscriptionRun ReadRun(NpgsqlDataReader reader) => new()
    {
        RunId = reader.GetGuid(0),
        Deployment = reader.GetString(1),
        Filter = JsonSerializer.Deserialize<RetranscriptionFilter>(reader.GetString(2), _json) ?? new RetranscriptionFilter(),
        RequestedBy = reader.GetString(3),
        State = (RetranscriptionState)reader.GetInt16(4),
        CreatedAt = reader.GetTime(5),
        FinishedAt = reader.GetTimeOrNull(6),
        DecidedAt = reader.GetTimeOrNull(7),
        DecidedBy = reader.GetText(8),
        Waiting = reader.GetInt64(9),
        Recognised = reader.GetInt64(10),
        Skipped = reader.GetInt64(11),
        Failed = reader.GetInt64(12),
        Promoted = reader.GetInt64(13),
        Discarded = reader.GetInt64(14),
        Differing = reader.GetInt64(15),
        OldWords = reader.GetInt64(16),
        WordEdits = reader.GetInt64(17),
    };

    private static string? SearchText(RetranscriptionFilter filter) =>
        string.IsNullOrWhiteSpace(filter.Text) ? null : DatabaseText.Sanitize(filter.Text.Trim(), HistoryQuery.MaxTextLength);

    private static Guid? IdBound(DateTimeOffset? time, TimeSpan shift) => time is { } value ? UtteranceIdTime.Floor(value, shift) : null;

    private static NpgsqlParameter<Guid> Id(Guid id) => new() { TypedValue = id };

    private static NpgsqlParameter<string> Text(string text) => new() { TypedValue = text };

    private static NpgsqlParameter<int> Number(int number) => new() { TypedValue = number };

    private static NpgsqlParameter<long> Epoch(long epoch) => new() { TypedValue = epoch };

    private static NpgsqlParameter<short> Small(RetranscriptionState state) => new() { TypedValue = (short)state };

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
