using Npgsql;
using NpgsqlTypes;

namespace Fleet.Storage;

/// <summary>What has become of nobody knows what.</summary>
public sealed partial class TranscriptHistory
{
    private const string Missing =
        """
        SELECT device_id, install_id, first_number, last_number, found_at FROM missing_ranges
         WHERE $1::text IS NULL OR device_id = $1
         ORDER BY found_at DESC, device_id, install_id, first_number LIMIT $2
        """;

    /// <summary>Ranges of missing numbers, those found last first.</summary>
    /// <param name="deviceId">Null: of the whole fleet.</param>
    /// <param name="limit">Most ranges.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<IReadOnlyList<MissingNumbers>> ListMissingAsync(string? deviceId, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (deviceId is not null && !DatabaseText.IsStorable(deviceId))
        {
            return Task.FromResult<IReadOnlyList<MissingNumbers>>([]);
        }

        return database.RunAsync<IReadOnlyList<MissingNumbers>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(Missing, connection)
                {
                    Parameters = { Nullable(deviceId, NpgsqlDbType.Text), new NpgsqlParameter<int> { TypedValue = limit } },
                };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<MissingNumbers> ranges = [];
                while (await reader.ReadAsync(token))
                {
                    ranges.Add(new MissingNumbers(
                        reader.GetString(0), reader.GetGuid(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetTime(4)));
                }

                return ranges;
            },
            cancellationToken);
    }
}
