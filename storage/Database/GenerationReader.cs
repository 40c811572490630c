using Npgsql;

namespace Fleet.Storage;

/// <summary>Reads which server, and which history of it, holds the rows.</summary>
internal static class GenerationReader
{
    // A role may have lost the right to ask: asking all the same would be an error, also where the answer is not used.
    private const string Rights =
        """
        SELECT pg_is_in_recovery(), has_function_privilege('pg_control_system()', 'EXECUTE'),
               has_function_privilege('pg_control_checkpoint()', 'EXECUTE'),
               has_function_privilege('pg_walfile_name(pg_lsn)', 'EXECUTE') AND has_function_privilege('pg_current_wal_lsn()', 'EXECUTE')
        """;

    /// <summary>
    /// "identity.system identifier-timeline". A failover moves to another timeline, also to a replica of the same system; restoring a dump gives the database
    /// another identity, also on the same system.
    /// </summary>
    public static async Task<string> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        bool standby, system, checkpoint, wal;
        await using (NpgsqlCommand rights = new(Rights, connection))
        await using (NpgsqlDataReader reader = await rights.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (standby, system, checkpoint, wal) = (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3));
        }

        string identifier = system
            ? "SELECT left(identifier::text, 8) || '.' || system_identifier FROM storage_identity, pg_control_system()"
            : "SELECT identifier::text FROM storage_identity";

        // The first eight digits of a WAL file's name are the timeline. A standby has no WAL of its own; its last checkpoint tells.
        string timeline = !standby && wal
            ? "SELECT ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int::text"
            : checkpoint ? "SELECT timeline_id::text FROM pg_control_checkpoint()" : "SELECT '0'";
        await using NpgsqlCommand command = new($"SELECT ({identifier}) || '-' || ({timeline})", connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!; // both have one row without NULL
    }
}
