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
                await using NpgsqlCommand command = new(AccountSql.Total, connection) { Parameters = { Nullable(deviceId, NpgsqlDbType.Text) } };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                UtteranceAccount account = UtteranceAccount.Empty;
                while (await reader.ReadAsync(token))
                {
                    account = Add(account, reader);
                }

                return account;
            },
            cancellationToken);
    }

    /// <summary>The account of each device, by device id.</summary>
    public Task<IReadOnlyDictionary<string, UtteranceAccount>> ListAccountsAsync(CancellationToken cancellationToken = default) =>
        database.RunAsync<IReadOnlyDictionary<string, UtteranceAccount>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(AccountSql.ByDevice, connection);
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                Dictionary<string, UtteranceAccount> accounts = new(StringComparer.Ordinal);
                while (await reader.ReadAsync(token))
                {
                    string deviceId = reader.GetString(4);
                    accounts[deviceId] = Add(accounts.GetValueOrDefault(deviceId, UtteranceAccount.Empty), reader);
                }

                return accounts;
            },
            cancellationToken);

    private static UtteranceAccount Add(UtteranceAccount account, NpgsqlDataReader reader) => reader.IsDBNull(0)
        ? account with { Spoken = reader.GetInt64(1), Stored = reader.GetInt64(2), Missing = reader.GetInt64(3) }
        : account with
        {
            LostByReason = new Dictionary<Reason, long>(account.LostByReason) { [(Reason)reader.GetInt16(0)] = reader.GetInt64(1) },
        };
}
