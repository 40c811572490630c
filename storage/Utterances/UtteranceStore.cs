using Microsoft.Extensions.Options;
using Npgsql;

namespace Fleet.Storage;

/// <summary>
/// Writes utterances and what becomes of them. Every method throws <see cref="StorageUnavailableException"/> when it is to be tried again,
/// and may be called again after that without harm.
/// </summary>
public sealed partial class UtteranceStore(FleetDatabase database, IOptions<DatabaseOptions> options)
{
    /// <summary>Longest transcript that is kept, in UTF-16 units; the rest is cut off. Half an hour of fast speech.</summary>
    public const int MaxTextLength = 16_384;

    // Longest reason, and longest name of an engine, model, deployment or request.
    internal const int MaxReasonLength = 2_000;
    internal const int MaxNameLength = 256;

    /// <summary>
    /// Stores a group in one transaction; the results are in the order of the utterances. A group with a row that the database cannot hold
    /// is split, each part in a transaction of its own, until that row stands alone.
    /// </summary>
    /// <param name="utterances">The group; keep it below 256 MiB of audio.</param>
    /// <param name="ownerEpoch">The silo whose job it will be to transcribe them; registered with <see cref="SiloLeases"/>.</param>
    /// <param name="cancellationToken">Ends the call; what was to be written may have been written.</param>
    public async Task<IReadOnlyList<StoreResult>> StoreAsync(
        IReadOnlyList<NewUtterance> utterances, long ownerEpoch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(utterances);
        return await StoreDistinctAsync(
            utterances,
            utterance => utterance.Key,
            (group, results, token) => StoreGroupAsync(group, results, ownerEpoch, token),
            cancellationToken);
    }

    private static async Task<IReadOnlyList<StoreResult>> StoreDistinctAsync<TItem>(
        IReadOnlyList<TItem> items, Func<TItem, UtteranceKey> key, StoreGroup<TItem> store, CancellationToken cancellationToken)
    {
        Dictionary<UtteranceKey, int> places = new(items.Count);
        List<TItem> distinct = new(items.Count);
        foreach (TItem item in items)
        {
            if (places.TryAdd(key(item), distinct.Count))
            {
                distinct.Add(item);
            }
        }

        StoreResult[] stored = new StoreResult[distinct.Count];
        await StoreOrSplitAsync(distinct, stored, store, cancellationToken);

        StoreResult[] results = new StoreResult[items.Count];
        for (int i = 0; i < results.Length; i++)
        {
            int place = places[key(items[i])];
            results[i] = stored[place];

            // The same utterance once more in this group: a duplicate of the first, whose caller has the job already.
            if (results[i].Outcome == StoreOutcome.Stored)
            {
                stored[place] = new StoreResult(StoreOutcome.Duplicate);
            }
        }

        return results;
    }

    private static async Task StoreOrSplitAsync<TItem>(
        List<TItem> group, Memory<StoreResult> results, StoreGroup<TItem> store, CancellationToken cancellationToken)
    {
        if (group.Count == 0)
        {
            return;
        }

        try
        {
            await store(group, results, cancellationToken);
        }
        catch (Exception exception) when (DatabaseErrors.IsAboutData(exception))
        {
            if (group.Count == 1)
            {
                results.Span[0] = new StoreResult(StoreOutcome.Failed, Message: DatabaseErrors.Describe(exception));
                return;
            }

            int half = group.Count / 2;
            await StoreOrSplitAsync(group.GetRange(0, half), results[..half], store, cancellationToken);
            await StoreOrSplitAsync(group.GetRange(half, group.Count - half), results[half..], store, cancellationToken);
        }
    }

    private static async Task<int> ReadResultsAsync(
        NpgsqlDataReader reader, int expected, Memory<StoreResult> results, bool hasAttempts, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken); // the first statement only locks
        int count = 0;
        for (; await reader.ReadAsync(cancellationToken); count++)
        {
            results.Span[reader.GetInt32(0)] = new StoreResult((StoreOutcome)reader.GetInt32(1), hasAttempts ? reader.GetInt32(2) : 0);
        }

        // The commit comes after the last row: its failure shows here, and must before anything is acked.
        await reader.CloseAsync();
        return count == expected
            ? count
            : throw new InvalidOperationException($"{expected} utterances were given to the database, it answered for {count}.");
    }

    private Task<int> StoreGroupAsync(
        List<NewUtterance> group, Memory<StoreResult> results, long ownerEpoch, CancellationToken cancellationToken) =>
        database.RunAsync(
            async (connection, token) =>
            {
                // One round trip; a batch is one transaction.
                await using NpgsqlBatch batch = StoreStatements.Create(connection, group, ownerEpoch, options.Value.RetentionDays);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(token);
                return await ReadResultsAsync(reader, group.Count, results, hasAttempts: true, token);
            },
            cancellationToken);

    private delegate Task StoreGroup<TItem>(List<TItem> group, Memory<StoreResult> results, CancellationToken cancellationToken);
}
