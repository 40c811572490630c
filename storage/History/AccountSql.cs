namespace Fleet.Storage;

/// <summary>The SQL of the accounts.</summary>
internal static class AccountSql
{
    // Sums of bigint are numeric: what devices say may be anything up to 2^53 each.
    private const string Sums =
        "coalesce(sum(next_sequence_number - 1), 0)::bigint, coalesce(sum(stored), 0)::bigint, coalesce(sum(missing), 0)::bigint";

    /// <summary>Of one device, or of all when $1 is null.</summary>
    public const string Total = $"SELECT {Sums} FROM installs WHERE $1::text IS NULL OR device_id = $1";

    public const string TotalLosses =
        "SELECT reason, sum(utterances)::bigint FROM install_losses WHERE $1::text IS NULL OR device_id = $1 GROUP BY reason";

    public const string ByDevice = $"SELECT device_id, {Sums} FROM installs GROUP BY device_id";

    public const string LossesByDevice = "SELECT device_id, reason, sum(utterances)::bigint FROM install_losses GROUP BY device_id, reason";
}
