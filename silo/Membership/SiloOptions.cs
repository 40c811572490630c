using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Membership;

/// <summary>Section Fleet:Silo: which silo this is, and how it joins and leaves.</summary>
internal sealed class SiloOptions
{
    public const string Section = "Fleet:Silo";

    /// <summary>Name of this silo in logs, in Welcome and in its lease. At most 64 characters; default: host name and process id.</summary>
    [Required(AllowEmptyStrings = false), StringLength(64)]
    public string Name { get; init; } = $"{(Environment.MachineName.Length > 40 ? Environment.MachineName[..40] : Environment.MachineName)}-{Environment.ProcessId}";

    /// <summary>Seconds to wait at start for another embedded silo to let go of the database. 0 to 300; default 5.</summary>
    [Range(0, 300)]
    public int LockWaitSeconds { get; init; } = 5;

    /// <summary>Milliseconds between two looks at the connection that holds the lock. 100 to 60,000; default 2,000.</summary>
    [Range(100, 60_000)]
    public int LockCheckMs { get; init; } = 2_000;

    /// <summary>Seconds that devices have, after Drain, to finish what they are sending. 0 to 300; default 5.</summary>
    [Range(0, 300)]
    public int DrainSeconds { get; init; } = 5;

    /// <summary>Seconds that the stop may take for what was received to be committed and for calls of the endpoint to end. 1 to 300; default 10.</summary>
    [Range(1, 300)]
    public int FlushSeconds { get; init; } = 10;

    /// <summary>Milliseconds over which devices spread their reconnects after Drain. 0 to 600,000; default 2,000.</summary>
    [Range(0, 600_000)]
    public int ReconnectJitterMs { get; init; } = 2_000;

    /// <summary>Seconds between two writes of when devices were last seen. 1 to 3,600; default 30.</summary>
    [Range(1, 3_600)]
    public int PresenceSeconds { get; init; } = 30;

    public TimeSpan LockWait => TimeSpan.FromSeconds(LockWaitSeconds);

    public TimeSpan LockCheck => TimeSpan.FromMilliseconds(LockCheckMs);

    public TimeSpan Drain => TimeSpan.FromSeconds(DrainSeconds);

    public TimeSpan Flush => TimeSpan.FromSeconds(FlushSeconds);
}
