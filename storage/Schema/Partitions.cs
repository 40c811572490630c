namespace Fleet.Storage;

/// <summary>Which partitions there have to be.</summary>
internal static class Partitions
{
    /// <summary>This month and the next two, by the database's clock.</summary>
    public const string EnsureSql = "SELECT fleet_ensure_partitions(clock_timestamp(), 3)";
}
