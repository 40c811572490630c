using Npgsql;
using NpgsqlTypes;
using Reason = Fleet.V1.UtteranceLost.Types.Reason;

namespace Fleet.Storage;

/// <summary>What became of everything that was spoken.</summary>
public sealed partial class TranscriptHistory
{
    /// <summary>The account of one device, over all its installs, or of the whole fleet.</summary>
    /// <param name="deviceId">Null: the whole fleet.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<UtteranceAccount> GetAccountsAsync(string? deviceId = null, CancellationToken cancellationToken = default)
    {
        if (deviceId is not null && !DatabaseText.IsStorable(deviceId))
        {
            return Task.FromResult(UtteranceAccount.Empty);
        }

        return database.RunAsync(
            async (connection, token) =>
            {
                await using NpgsqlBatch batch = SameMoment(
                    connection,
                    new NpgsqlBatchCommand(AccountSql.Total) { Parameters = { Nullable(deviceId, NpgsqlDbType.Text) } },
                    new NpgsqlBatchCommand(AccountSql.TotalLosses) { Parameters = { Nullable(deviceId, NpgsqlDbType.Text) } });
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                await reader.ReadAsync(token);
                (long spoken, long stored, long missing) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
                await reader.NextResultAsync(token);
                Dictionary<Reason, long> lost = [];
                while (await reader.ReadAsync(token))
                {
                    lost.Add((Reason)reader.GetInt16(0), reader.GetInt64(1));
                }

                return new UtteranceAccount(spoken, stored, lost, missing);
            },
            cancellationToken);
    }

    /// <summary>The account of each device, by device id.</summary>
    public Task<IReadOnlyDictionary<string, UtteranceAccount>> ListAccountsAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyDictionary<string, UtteranceAccount>>(
            async (connection, token) =>
            {
                await using NpgsqlBatch batch = SameMoment(
                    connection, new NpgsqlBatchCommand(AccountSql.LossesByDevice), new NpgsqlBatchCommand(AccountSql.ByDevice));
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                Dictionary<string, Dictionary<Reason, long>> lost = new(StringComparer.Ordinal);
                while (await reader.ReadAsync(token))
                {
                    if (!lost.TryGetValue(reader.GetString(0), out Dictionary<Reason, long>? ofDevice))
                    {
                        lost.Add(reader.GetString(0), ofDevice = []);
                    }

                    ofDevice.Add((Reason)reader.GetInt16(1), reader.GetInt64(2));
                }

                await reader.NextResultAsync(token);
                Dictionary<string, UtteranceAccount> accounts = new(StringComparer.Ordinal);
                while (await reader.ReadAsync(token))
                {
                    string deviceId = reader.GetString(0);
                    accounts.Add(
                        deviceId,
                        new UtteranceAccount(
                            reader.GetInt64(1),
                            reader.GetInt64(2),
                            lost.TryGetValue(deviceId, out Dictionary<Reason, long>? ofDevice) ? ofDevice : UtteranceAccount.Empty.LostByReason,
                            reader.GetInt64(3)));
                }

                return accounts;
            },
            cancellationToken);

    // One snapshot for both statements: an utterance that is stored between them must not be counted in one of them only.
    private static NpgsqlBatch SameMoment(NpgsqlConnection connection, NpgsqlBatchCommand first, NpgsqlBatchCommand second) => new(connection)
    {
        BatchCommands = { first, second },
    };
}
