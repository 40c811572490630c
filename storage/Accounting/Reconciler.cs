using Npgsql;

namespace Fleet.Storage;

/// <summary>
/// Compares the numbers that devices say are settled with the rows. What has no row becomes a missing range; when a row comes all the same, the
/// trigger that counts it takes its number out of the range.
/// </summary>
internal sealed class Reconciler(FleetDatabase database)
{
    // Rows that one step looks at; a range of numbers without rows costs nothing, however long it is.
    private const int MaxRows = 5_000;

    private const string Lock = $"SELECT pg_try_advisory_xact_lock({Key})";

    // AdvisoryLocks.Reconciliation, in a constant string.
    private const string Key = "5066549580792433";

    private const string Due =
        "SELECT device_id, install_id, settled_below FROM installs WHERE settled_below > reconciled_below ORDER BY device_id, install_id LIMIT $1";

    // As a store does: whoever inserts rows of the device has locked it, so none comes between the look and the range that is written.
    private const string LockDevice = "SELECT device_id FROM devices WHERE device_id = $1 FOR NO KEY UPDATE";

    // Numbers of rows and of what was erased, up to where both lists are complete. The gaps between them are missing; one that goes on from the
    // step before makes its range longer.
    private const string Step =
        """
        WITH install AS MATERIALIZED (
            SELECT reconciled_below AS from_number, $3::bigint AS to_number
              FROM installs WHERE device_id = $1 AND install_id = $2 AND reconciled_below < $3
        ),
        there AS MATERIALIZED (
            SELECT u.sequence_number AS number FROM utterances u
             WHERE u.device_id = $1 AND u.install_id = $2 AND u.sequence_number >= (SELECT from_number FROM install)
               AND u.sequence_number < (SELECT to_number FROM install)
             ORDER BY u.sequence_number LIMIT $4
        ),
        erased AS MATERIALIZED (
            SELECT e.sequence_number AS number FROM erased_utterances e
             WHERE e.device_id = $1 AND e.install_id = $2 AND e.sequence_number >= (SELECT from_number FROM install)
               AND e.sequence_number < (SELECT to_number FROM install)
             ORDER BY e.sequence_number LIMIT $4
        ),
        looked AS MATERIALIZED (
            SELECT i.from_number, least(
                    i.to_number,
                    (SELECT max(number) + 1 FROM there HAVING count(*) = $4),
                    (SELECT max(number) + 1 FROM erased HAVING count(*) = $4)) AS to_number
              FROM install i
        ),
        known AS (
            SELECT k.number FROM (SELECT number FROM there UNION SELECT number FROM erased) k, looked l WHERE k.number < l.to_number
            UNION ALL
            SELECT to_number FROM looked
        ),
        gaps AS MATERIALIZED (
            SELECT g.first_number, g.last_number
              FROM (
                SELECT lag(k.number, 1, l.from_number - 1) OVER (ORDER BY k.number) + 1 AS first_number, k.number - 1 AS last_number
                  FROM known k, looked l) g
             WHERE g.first_number <= g.last_number
        ),
        extended AS (
            UPDATE missing_ranges m SET last_number = g.last_number
              FROM gaps g, looked l
             WHERE m.device_id = $1 AND m.install_id = $2 AND m.last_number = l.from_number - 1 AND g.first_number = l.from_number
            RETURNING g.first_number
        ),
        added AS (
            INSERT INTO missing_ranges (device_id, install_id, first_number, last_number)
            SELECT $1, $2, g.first_number, g.last_number FROM gaps g WHERE g.first_number NOT IN (SELECT first_number FROM extended)
        )
        UPDATE installs i
           SET reconciled_below = l.to_number,
               missing = i.missing + (SELECT coalesce(sum(g.last_number - g.first_number + 1), 0)::bigint FROM gaps g)
          FROM looked l
         WHERE i.device_id = $1 AND i.install_id = $2
        RETURNING l.to_number, (SELECT coalesce(sum(g.last_number - g.first_number + 1), 0)::bigint FROM gaps g)
        """;

    /// <summary>Installs that have settled numbers which were not compared yet, at most so many.</summary>
    public Task<IReadOnlyList<UnreconciledInstall>> ListDueAsync(int max, CancellationToken cancellationToken) =>
        database.RunAsync<IReadOnlyList<UnreconciledInstall>>(
            async (connection, token) =>
            {
                await using NpgsqlCommand command = new(Due, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = max } } };
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
                List<UnreconciledInstall> due = [];
                while (await reader.ReadAsync(token))
                {
                    due.Add(new UnreconciledInstall(reader.GetString(0), reader.GetGuid(1), reader.GetInt64(2)));
                }

                return due;
            },
            cancellationToken);

    /// <summary>
    /// Compares the numbers of one install below a bound, step by step; how many were found missing. Null: another silo is at it.
    /// </summary>
    /// <param name="install">The install, and the bound.</param>
    /// <param name="cancellationToken">Ends it between two steps; the rest is due as before.</param>
    public async Task<long?> ReconcileAsync(UnreconciledInstall install, CancellationToken cancellationToken)
    {
        long found = 0;
        while (true)
        {
            StepResult step = await database.RunAsync((connection, token) => StepAsync(connection, install, MaxRows, token), cancellationToken);
            if (!step.HadLock)
            {
                return null;
            }

            found += step.Found;
            if (step.ReconciledBelow >= install.SettledBelow)
            {
                return found;
            }
        }
    }

    /// <summary>One step in a transaction of its own.</summary>
    internal static async Task<StepResult> StepAsync(
        NpgsqlConnection connection, UnreconciledInstall install, int maxRows, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (NpgsqlCommand take = new(Lock, connection, transaction))
        {
            if (!(bool)(await take.ExecuteScalarAsync(cancellationToken))!) // a function that returns a boolean
            {
                return new StepResult(HadLock: false, 0, 0);
            }
        }

        await using NpgsqlBatch batch = new(connection, transaction)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(LockDevice) { Parameters = { Value(install.DeviceId) } },
                new NpgsqlBatchCommand(Step)
                {
                    Parameters = { Value(install.DeviceId), Value(install.InstallId), Value(install.SettledBelow), Value(maxRows) },
                },
            },
        };
        StepResult result;
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);

            // Without a row there was nothing left to compare.
            result = await reader.ReadAsync(cancellationToken)
                ? new StepResult(HadLock: true, reader.GetInt64(0), reader.GetInt64(1))
                : new StepResult(HadLock: true, install.SettledBelow, 0);
        }

        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };

    /// <summary>What a step did.</summary>
    /// <param name="HadLock">False: another silo is at it, and nothing was done.</param>
    /// <param name="ReconciledBelow">Lower numbers have been compared.</param>
    /// <param name="Found">Numbers that are missing, of those that the step looked at.</param>
    internal readonly record struct StepResult(bool HadLock, long ReconciledBelow, long Found);
}
