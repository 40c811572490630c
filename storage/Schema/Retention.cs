using Npgsql;

namespace Fleet.Storage;

/// <summary>
/// Removes what is older than the retention, with all versions of its transcript: whole months, and old rows that lie in no month. What it removes has been compared with the devices'
/// numbers before, so nothing becomes missing by it; what it has removed is refused when it is sent again, by the time in its id.
/// </summary>
internal sealed class Retention(FleetDatabase database)
{
    private const int MaxRows = 1_000;

    private const string ExpiredMonths =
        """
        SELECT DISTINCT right(c.relname, 7)
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent IN ('utterances'::regclass, 'utterance_audio'::regclass, 'transcript_versions'::regclass) AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
           AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= clock_timestamp() - make_interval(days => $1)
         ORDER BY 1
        """;

    // The same time-out as for making partitions: a long reader must not turn this into a queue of everybody behind it.
    private const string LockParents =
        """
        SELECT set_config('lock_timeout', '5s', true), pg_advisory_xact_lock(5066549580792432);
        LOCK TABLE ONLY utterances, ONLY utterance_audio, ONLY transcript_versions IN ACCESS EXCLUSIVE MODE
        """;

    // Their numbers are compared with the rows, or they stay.
    private const string DeleteDefault =
        """
        DELETE FROM utterances_default d WHERE d.ctid = ANY (ARRAY(
            SELECT u.ctid FROM utterances_default u JOIN installs i ON i.device_id = u.device_id AND i.install_id = u.install_id
             WHERE u.utterance_id < fleet_uuid_floor(clock_timestamp() - make_interval(days => $1)) AND u.sequence_number < i.reconciled_below
             LIMIT $2))
        """;

    private const string DeleteDefaultAudio =
        """
        DELETE FROM utterance_audio_default d WHERE d.ctid = ANY (ARRAY(
            SELECT a.ctid FROM utterance_audio_default a
             WHERE a.utterance_id < fleet_uuid_floor(clock_timestamp() - make_interval(days => $1)) LIMIT $2))
        """;

    private const string DeleteDefaultVersions =
        """
        DELETE FROM transcript_versions_default d WHERE d.ctid = ANY (ARRAY(
            SELECT v.ctid FROM transcript_versions_default v
             WHERE v.utterance_id < fleet_uuid_floor(clock_timestamp() - make_interval(days => $1)) LIMIT $2))
        """;

    // What runs know of them, and runs of which nothing is left.
    private const string DeleteItems =
        """
        DELETE FROM retranscription_items d WHERE d.ctid = ANY (ARRAY(
            SELECT i.ctid FROM retranscription_items i
             WHERE i.utterance_id < fleet_uuid_floor(clock_timestamp() - make_interval(days => $1)) LIMIT $2))
        """;

    private const string DeleteRuns =
        """
        DELETE FROM retranscriptions d WHERE d.ctid = ANY (ARRAY(
            SELECT r.ctid FROM retranscriptions r
             WHERE r.state IN (2, 3, 5, 7) AND r.created_at < clock_timestamp() - make_interval(days => $1)
               AND NOT EXISTS (SELECT FROM retranscription_items i WHERE i.run_id = r.run_id)
             LIMIT $2))
        """;

    // From here on the time in their ids keeps them out.
    private const string DeleteTombstones =
        """
        DELETE FROM erased_utterances d WHERE d.ctid = ANY (ARRAY(
            SELECT e.ctid FROM erased_utterances e LEFT JOIN installs i ON i.device_id = e.device_id AND i.install_id = e.install_id
             WHERE e.utterance_id < fleet_uuid_floor(clock_timestamp() - make_interval(days => $1))
               AND (e.sequence_number IS NULL OR e.sequence_number < i.reconciled_below)
             LIMIT $2))
        """;

    private readonly Reconciler _reconciler = new(database);

    /// <summary>The months that have expired as a whole, such as "2026_01".</summary>
    public Task<IReadOnlyList<string>> ListExpiredMonthsAsync(int days, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<string>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(ExpiredMonths, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = days } } };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<string> months = [];
                while (await reader.ReadAsync(token))
                {
                    months.Add(reader.GetString(0));
                }

                return months;
            },
            cancellationToken);

    /// <summary>Drops a month with its audio; how many utterances it had. Null: not now.</summary>
    public async Task<long?> DropMonthAsync(string month, CancellationToken cancellationToken)
    {
        // It comes from the names of the tables, which are matched with a pattern of digits.
        string table = $"utterances_{month}";
        if (!await ReconcileAsync(table, "true", 0, cancellationToken))
        {
            return null;
        }

        return await database.RunAsync<long?>(
            async (connection, token) =>
            {
                await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(token);
                await ExecuteAsync(connection, LockParents, token);
                long dropped = 0;
                if (await ScalarAsync<bool>(connection, $"SELECT to_regclass('{table}') IS NOT NULL", token))
                {
                    if (await ScalarAsync<bool>(connection, $"SELECT EXISTS ({Unreconciled(table, "true")})", token))
                    {
                        return null; // a loss came in between
                    }

                    dropped = await ScalarAsync<long>(connection, $"SELECT count(*) FROM {table}", token);
                }

                await ExecuteAsync(connection, $"DROP TABLE IF EXISTS {table}, utterance_audio_{month}, transcript_versions_{month}", token);
                await transaction.CommitAsync(token);
                return dropped;
            },
            cancellationToken);
    }

    /// <summary>Deletes what is older and lies in no month, and what is known of erased ones that are; how many utterances.</summary>
    public async Task<long> DeleteStragglersAsync(int days, CancellationToken cancellationToken)
    {
        const string old = "u.utterance_id < fleet_uuid_floor(clock_timestamp() - make_interval(days => $1))";
        await ReconcileAsync("utterances_default", old, days, cancellationToken);
        await ReconcileAsync("erased_utterances", old, days, cancellationToken);
        long deleted = await DeleteAsync(DeleteDefault, days, cancellationToken);
        await DeleteAsync(DeleteDefaultAudio, days, cancellationToken);
        await DeleteAsync(DeleteDefaultVersions, days, cancellationToken);
        await DeleteAsync(DeleteItems, days, cancellationToken);
        await DeleteAsync(DeleteRuns, days, cancellationToken);
        await DeleteAsync(DeleteTombstones, days, cancellationToken);
        return deleted;
    }

    // Also numbers that the device has not called settled: what is as old as this cannot come any more.
    private static string Unreconciled(string table, string condition) =>
        $"""
        SELECT u.device_id, u.install_id, max(u.sequence_number) + 1
          FROM {table} u JOIN installs i ON i.device_id = u.device_id AND i.install_id = u.install_id
         WHERE u.sequence_number >= i.reconciled_below AND {condition}
         GROUP BY u.device_id, u.install_id
        """;

    private async Task<bool> ReconcileAsync(string table, string condition, int days, CancellationToken cancellationToken)
    {
        IReadOnlyList<UnreconciledInstall> open = await database.RunAsync<IReadOnlyList<UnreconciledInstall>>(
            async (connection, token) =>
            {
                if (!await ScalarAsync<bool>(connection, $"SELECT to_regclass('{table}') IS NOT NULL", token))
                {
                    return [];
                }

                await using NpgsqlCommand command = new(Unreconciled(table, condition), connection);
                if (days > 0)
                {
                    command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = days });
                }

                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<UnreconciledInstall> installs = [];
                while (await reader.ReadAsync(token))
                {
                    installs.Add(new UnreconciledInstall(reader.GetString(0), reader.GetGuid(1), reader.GetInt64(2)));
                }

                return installs;
            },
            cancellationToken);
        foreach (UnreconciledInstall install in open)
        {
            if (await _reconciler.ReconcileAsync(install, cancellationToken) is null)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<long> DeleteAsync(string sql, int days, CancellationToken cancellationToken)
    {
        long deleted = 0;
        int step;
        do
        {
            step = await database.RunAsync(
                async (connection, token) =>
                {
                    await using NpgsqlCommand command = new(sql, connection)
                    {
                        Parameters = { new NpgsqlParameter<int> { TypedValue = days }, new NpgsqlParameter<int> { TypedValue = MaxRows } },
                    };
                    return await command.ExecuteNonQueryAsync(token);
                },
                cancellationToken);
            deleted += step;
        }
        while (step == MaxRows);
        return deleted;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!; // each of them answers with one value
    }
}
