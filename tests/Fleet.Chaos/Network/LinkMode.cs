namespace Fleet.Chaos.Network;

/// <summary>What a link does with what it is given.</summary>
internal enum LinkMode
{
    /// <summary>Passes it on.</summary>
    Pass,

    /// <summary>Resets every connection, also new ones.</summary>
    Cut,

    /// <summary>Keeps connections open, takes new ones, passes nothing on; all of it comes when the link passes again.</summary>
    Stall,

    /// <summary>Takes everything and passes nothing on. What was swallowed is gone, so such connections are reset when the link passes again.</summary>
    Swallow,
}
