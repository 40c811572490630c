using Fleet.V1;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Storage;

/// <summary>Reads what was said. Needs no more than the role fleet_reader may.</summary>
public sealed partial class TranscriptHistory(FleetDatabase database)
{
    private static readonly UtteranceStatus[] _statuses =
    [
        UtteranceStatus.Stored, UtteranceStatus.Transcribed, UtteranceStatus.Empty, UtteranceStatus.Failed, UtteranceStatus.Lost,
    ];

    /// <summary>One page of what a query finds. What is stored meanwhile moves nothing: none is left out or comes twice.</summary>
    /// <exception cref="InvalidPageTokenException">The page token is not one that this query gave out.</exception>
    /// <exception cref="StorageUnavailableException">To be tried again.</exception>
    public Task<HistoryPage> SearchAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.PageSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.PageSize, HistoryQuery.MaxPageSize);
        PageToken? after = string.IsNullOrEmpty(query.PageToken) ? null : PageToken.Parse(query.PageToken, query);
        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = CreateSearch(connection, query, after);
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<HistoryItem> items = [];
                while (items.Count < query.PageSize && await reader.ReadAsync(token))
                {
                    items.Add(ReadItem(reader));
                }

                // One row more than asked for tells that there is a next page.
                bool more = items.Count == query.PageSize && await reader.ReadAsync(token);
                return new HistoryPage(
                    items, more ? new PageToken(items[^1].Utterance.UtteranceId, items[^1].Utterance.DeviceId).ToToken(query) : null);
            },
            cancellationToken);
    }

    /// <summary>One utterance; null when there is none.</summary>
    public Task<UtteranceRecord?> GetAsync(string deviceId, Guid utteranceId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deviceId);
        if (!DatabaseText.IsStorable(deviceId))
        {
            return Task.FromResult<UtteranceRecord?>(null);
        }

        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(HistorySql.One, connection)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<string> { TypedValue = deviceId },
                        new NpgsqlParameter<Guid> { TypedValue = utteranceId },
                    },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                return await reader.ReadAsync(token) ? UtteranceRow.Read(reader) : null;
            },
            cancellationToken);
    }

    /// <summary>The figures of the overview, in one round trip.</summary>
    public Task<HistoryCounts> CountsAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlBatch batch = new(connection)
                {
                    BatchCommands =
                    {
                        new NpgsqlBatchCommand(HistorySql.CountByStatus),
                        new NpgsqlBatchCommand(HistorySql.CountDevices),
                        new NpgsqlBatchCommand(HistorySql.CountByMinute)
                        {
                            Parameters = { new NpgsqlParameter<TimeSpan> { TypedValue = UtteranceIdTime.Tolerance } },
                        },
                        new NpgsqlBatchCommand(HistorySql.Latest),
                    },
                };
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                return await ReadCountsAsync(reader, token);
            },
            cancellationToken);

    private static async Task<HistoryCounts> ReadCountsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        Dictionary<UtteranceStatus, long> byStatus = _statuses.ToDictionary(status => status, _ => 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            byStatus[(UtteranceStatus)reader.GetInt16(0)] = reader.GetInt64(1);
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        int devices = reader.GetInt32(0);
        DateTimeOffset asOf = reader.GetTime(1);
        DateTimeOffset? waitingSince = reader.GetTimeOrNull(2);

        await reader.NextResultAsync(cancellationToken);
        List<MinuteCount> lastHour = new(60);
        while (await reader.ReadAsync(cancellationToken))
        {
            lastHour.Add(new MinuteCount(reader.GetTime(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        await reader.NextResultAsync(cancellationToken);
        List<UtteranceRecord> latest = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            latest.Add(UtteranceRow.Read(reader));
        }

        return new HistoryCounts(byStatus, devices, lastHour, latest, asOf, waitingSince);
    }

    private static HistoryItem ReadItem(NpgsqlDataReader reader)
    {
        UtteranceRecord utterance = UtteranceRow.Read(reader);
        string? headline = reader.GetText(UtteranceRow.ColumnCount);
        return new HistoryItem(
            utterance, headline is null ? Snippet.Plain(utterance.Text) : Snippet.FromHeadline(headline, utterance.Text));
    }

    private static NpgsqlCommand CreateSearch(NpgsqlConnection connection, HistoryQuery query, PageToken? after)
    {
        string? text = string.IsNullOrWhiteSpace(query.Text) ? null : DatabaseText.Sanitize(query.Text.Trim(), HistoryQuery.MaxTextLength);
        return new NpgsqlCommand(query.OldestFirst ? HistorySql.OldestFirst : HistorySql.NewestFirst, connection)
        {
            Parameters =
            {
                Nullable(text, NpgsqlDbType.Text),
                Nullable(
                    query.DeviceIds.Count == 0 ? null : query.DeviceIds.Where(DatabaseText.IsStorable).ToArray(),
                    NpgsqlDbType.Array | NpgsqlDbType.Text),
                Nullable(
                    query.Statuses.Count == 0 ? null : query.Statuses.Select(status => (short)status).ToArray(),
                    NpgsqlDbType.Array | NpgsqlDbType.Smallint),
                Nullable(query.From?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                Nullable(IdBound(query.From, -UtteranceIdTime.Tolerance), NpgsqlDbType.Uuid),
                Nullable(query.To?.ToUniversalTime(), NpgsqlDbType.TimestampTz),
                Nullable(IdBound(query.To, UtteranceIdTime.Tolerance), NpgsqlDbType.Uuid),
                new NpgsqlParameter<int> { TypedValue = query.PageSize + 1 },
                new NpgsqlParameter<string> { TypedValue = Snippet.Marks },
                new NpgsqlParameter<string> { TypedValue = Snippet.Replacements },
                new NpgsqlParameter<string> { TypedValue = Snippet.HeadlineOptions },
                Nullable(after?.UtteranceId, NpgsqlDbType.Uuid),
                Nullable(after?.DeviceId, NpgsqlDbType.Text),
            },
        };
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static Guid? IdBound(DateTimeOffset? time, TimeSpan shift) => time is { } value ? UtteranceIdTime.Floor(value, shift) : null;
}
