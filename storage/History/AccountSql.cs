namespace Fleet.Storage;

/// <summary>The SQL of the accounts; one statement each, so that an utterance that is stored meanwhile is in all of its figures or in none.</summary>
internal static class AccountSql
{
    // Sums of bigint are numeric: what devices say may be anything up to 2^53 each.
    private const string Sums =
        "coalesce(sum(next_sequence_number - 1), 0)::bigint, coalesce(sum(stored), 0)::bigint, coalesce(sum(missing), 0)::bigint";

    /// <summary>
    /// Of one device, or of all when $1 is null: a row with the sums and no reason, and one for each reason with how many were lost by it.
    /// </summary>
    public const string Total =
        $"""
        SELECT NULL::smallint, {Sums} FROM installs WHERE $1::text IS NULL OR device_id = $1
        UNION ALL
        SELECT reason, sum(utterances)::bigint, 0, 0 FROM install_losses WHERE $1::text IS NULL OR device_id = $1 GROUP BY reason
        """;

    /// <summary>The same rows for each device, with its id behind.</summary>
    public const string ByDevice =
        $"""
        SELECT NULL::smallint, {Sums}, device_id FROM installs GROUP BY device_id
        UNION ALL
        SELECT reason, sum(utterances)::bigint, 0, 0, device_id FROM install_losses GROUP BY device_id, reason
        """;
}
