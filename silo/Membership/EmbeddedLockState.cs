namespace Fleet.Silo.Membership;

/// <summary>Who has the lock of the embedded runtime.</summary>
internal enum EmbeddedLockState
{
    /// <summary>This silo.</summary>
    Held,

    /// <summary>Another silo.</summary>
    HeldByOther,

    /// <summary>Nobody for sure: it was let go at this moment, or an older connection of ours is being ended. Try again.</summary>
    InTransition,
}
