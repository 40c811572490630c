namespace Fleet.Contracts.Actors;

/// <summary>What the actor says of the session that calls it.</summary>
public enum SessionStanding
{
    /// <summary>It is the session of the device.</summary>
    Current,

    /// <summary>A newer session has taken over, or this one was closed.</summary>
    Superseded,

    /// <summary>Not known: the actor was activated after the session was opened. Ask it to resume the session, then call again.</summary>
    Unknown,

    /// <summary>Could not be found out now: the actor or the database is away. The session goes on; try again.</summary>
    Unavailable,
}
