using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Membership;

/// <summary>
/// Section Fleet:Orleans, for Fleet:Runtime=orleans: how silos find and watch each other. The defaults are those of a small cluster in one room
/// (docs/decisions/0005); the ports know no credential, so they are for the silos' own network only.
/// </summary>
internal sealed class OrleansOptions
{
    public const string Section = "Fleet:Orleans";

    /// <summary>As advertised address: the address that this machine's own name has.</summary>
    public const string Auto = "auto";

    /// <summary>Silos with the same id are one cluster. At most 150 characters; default fleet.</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ClusterId { get; init; } = "fleet";

    /// <summary>Stays the same whatever cluster runs the service. At most 150 characters; default fleet.</summary>
    [Required(AllowEmptyStrings = false), StringLength(150)]
    public string ServiceId { get; init; } = "fleet";

    /// <summary>Where the other silos reach this one: an IP address, a host name, or auto. It listens there. Default 127.0.0.1.</summary>
    [Required(AllowEmptyStrings = false)]
    public string AdvertisedAddress { get; init; } = "127.0.0.1";

    /// <summary>True: nobody but silos and their clients can reach that network. Needed off loopback.</summary>
    public bool PrivateNetwork { get; init; }

    /// <summary>Port for other silos. 1 to 65,535; default 11,111.</summary>
    [Range(1, 65_535)]
    public int SiloPort { get; init; } = 11_111;

    /// <summary>Port on which it listens for other silos, where a mapping or a proxy stands before SiloPort; 0 = SiloPort. 0 to 65,535; default 0.</summary>
    [Range(0, 65_535)]
    public int SiloListenPort { get; init; }

    /// <summary>Port for clients of the cluster; 0 = none. 0 to 65,535; default 30,000.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; init; } = 30_000;

    /// <summary>Milliseconds between two probes of another silo, and until one counts as missed. 100 to 60,000; default 500.</summary>
    [Range(100, 60_000)]
    public int ProbeTimeoutMs { get; init; } = 500;

    /// <summary>Missed probes in a row that make a silo suspect. 1 to 100; default 2.</summary>
    [Range(1, 100)]
    public int MissedProbes { get; init; } = 2;

    /// <summary>Silos that must suspect one before it is declared dead. 1 to 10; default 1, since of two silos only one is left to say it.</summary>
    [Range(1, 10)]
    public int DeathVotes { get; init; } = 1;

    /// <summary>Milliseconds between two reads of the members, in case news is missed. 500 to 600,000; default 2,000.</summary>
    [Range(500, 600_000)]
    public int TableRefreshMs { get; init; } = 2_000;

    /// <summary>Milliseconds between two signs of life in the database; a member that gave none for three times as long is not waited for by one that joins. 500 to 600,000; default 5,000.</summary>
    [Range(500, 600_000)]
    public int AliveIntervalMs { get; init; } = 5_000;

    /// <summary>Seconds that joining may take before it is begun anew. 5 to 3,600; default 60.</summary>
    [Range(5, 3_600)]
    public int JoinTimeoutSeconds { get; init; } = 60;

    /// <summary>Milliseconds that a call of an actor may take. 500 to 60,000; default 5,000.</summary>
    [Range(500, 60_000)]
    public int ResponseTimeoutMs { get; init; } = 5_000;

    /// <summary>Milliseconds for which a call that found its silo gone is tried again, until the actor is elsewhere. 0 to 60,000; default 5,000.</summary>
    [Range(0, 60_000)]
    public int RetryMs { get; init; } = 5_000;

    /// <summary>Milliseconds that an actor waits for the silo that holds its device's stream. 50 to 60,000; default 1,000.</summary>
    [Range(50, 60_000)]
    public int DownlinkTimeoutMs { get; init; } = 1_000;

    public TimeSpan Retry => TimeSpan.FromMilliseconds(RetryMs);

    public TimeSpan DownlinkTimeout => TimeSpan.FromMilliseconds(DownlinkTimeoutMs);
}
