namespace Fleet.Storage;

/// <summary>The keys of PostgreSQL's advisory locks (one space per database): here so that no two uses share one.</summary>
public static class AdvisoryLocks
{
    /// <summary>Held by a session while it migrates.</summary>
    public const long Migration = 5066549580792430;

    /// <summary>Held by the session of the one embedded silo that a database may have.</summary>
    public const long EmbeddedSilo = 5066549580792431;

    /// <summary>Held by a transaction that makes partitions; written out in 0003_partitions.sql.</summary>
    public const long Partitions = 5066549580792432;

    /// <summary>Held by a transaction that compares numbers with rows: one silo at a time does.</summary>
    public const long Reconciliation = 5066549580792433;
}
