using System.Runtime.CompilerServices;
using Npgsql;

namespace Fleet.Chaos.Verdict;

/// <summary>Reads the rows straight from the tables, past the product's own code.</summary>
internal static class RowReader
{
    /// <summary>Every row with its audio, each device's by (started_at, utterance_id).</summary>
    public static async IAsyncEnumerable<StoredRow> ReadAsync(string connectionString, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var hasClock = await HasColumnAsync(connection, "clock", cancellationToken);
        await using var command = new NpgsqlCommand(
            hasClock
                ? """
                SELECT u.device_id, u.utterance_id, u.sequence_number, u.status, coalesce(u.end_reason, 0::smallint), u.clock, coalesce(u.reason, ''), a.pcm
                  FROM utterances u LEFT JOIN utterance_audio a USING (device_id, utterance_id)
                 ORDER BY u.device_id, u.started_at, u.utterance_id
                """
                : """
                SELECT u.device_id, u.utterance_id, u.sequence_number, u.status, coalesce(u.end_reason, 0::smallint), 0::smallint, coalesce(u.reason, ''), a.pcm
                  FROM utterances u LEFT JOIN utterance_audio a USING (device_id, utterance_id)
                 ORDER BY u.device_id, u.started_at, u.utterance_id
                """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new StoredRow
            {
                DeviceId = reader.GetString(0),
                UtteranceId = reader.GetGuid(1),
                SequenceNumber = reader.GetInt64(2),
                Status = reader.GetInt16(3),
                EndReason = reader.GetInt16(4),
                Clock = reader.GetInt16(5),
                Reason = reader.GetString(6),
                Pcm = await reader.IsDBNullAsync(7, cancellationToken) ? null : await reader.GetFieldValueAsync<byte[]>(7, cancellationToken),
            };
        }
    }

    /// <summary>Rows, rows that wait for a final status, rows that are lost.</summary>
    public static async Task<(long Rows, long Waiting, long Lost)> CountAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT count(*), count(*) FILTER (WHERE status = 1), count(*) FILTER (WHERE status = 5) FROM utterances", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }

    private static async Task<bool> HasColumnAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'utterances' AND column_name = $1)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = name } },
        };
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!; // EXISTS is never null
    }
}
