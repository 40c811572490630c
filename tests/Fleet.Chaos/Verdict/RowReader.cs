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
        await using var command = new NpgsqlCommand(
            """
            SELECT u.device_id, u.utterance_id, u.sequence_number, u.status, coalesce(u.end_reason, 0::smallint), u.clock, coalesce(u.lost_reason, 0::smallint),
                   coalesce(u.reason, ''), a.pcm, u.received_at
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
                LostReason = reader.GetInt16(6),
                Reason = reader.GetString(7),
                ReceivedAt = await reader.GetFieldValueAsync<DateTimeOffset>(9, cancellationToken),
                Pcm = await reader.IsDBNullAsync(8, cancellationToken) ? null : await reader.GetFieldValueAsync<byte[]>(8, cancellationToken),
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
}
