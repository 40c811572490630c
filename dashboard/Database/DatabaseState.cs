namespace Fleet.Dashboard.Database;

/// <summary>What the database is to a reader at this moment.</summary>
internal enum DatabaseState
{
    /// <summary>Not asked yet.</summary>
    Unknown,

    Ready,

    /// <summary>It does not answer.</summary>
    Away,

    /// <summary>No schema yet, or an older one: a silo brings it up to date when it starts.</summary>
    Outdated,

    /// <summary>The schema is newer than this program.</summary>
    TooNew,
}
