using System.ComponentModel.DataAnnotations;

namespace Fleet.Storage;

/// <summary>Where the database is and how it is spoken to. Section "Fleet:Database".</summary>
public sealed class DatabaseOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Fleet:Database";

    /// <summary>
    /// Npgsql connection string: Host, Port, Database, Username. Whatever it says about pool and time-outs goes before the options below.
    /// </summary>
    [Required(ErrorMessage =
        "Fleet:Database:ConnectionString is not set: set Fleet__Database__ConnectionString, " +
        "such as 'Host=127.0.0.1;Database=fleet;Username=fleet'.")]
    public string ConnectionString { get; set; } = "";

    /// <summary>File whose text is the password; read for each new connection, so that it can be changed while the program runs.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>Shown in pg_stat_activity.</summary>
    [Required(ErrorMessage = "Fleet:Database:ApplicationName must not be empty.")]
    [StringLength(63, ErrorMessage = "Fleet:Database:ApplicationName must have at most 63 characters.")]
    public string ApplicationName { get; set; } = "fleet";

    /// <summary>Most connections of this process. 2 to 1,000.</summary>
    [Range(2, 1000, ErrorMessage = "Fleet:Database:PoolSize must be 2 to 1000 connections.")]
    public int PoolSize { get; set; } = 20;

    /// <summary>How long to wait for a connection, in seconds. 1 to 300.</summary>
    [Range(1, 300, ErrorMessage = "Fleet:Database:ConnectTimeoutSeconds must be 1 to 300.")]
    public int ConnectTimeoutSeconds { get; set; } = 10;

    /// <summary>How long a statement may take, in seconds. 1 to 3,600. Migrations have no limit.</summary>
    [Range(1, 3600, ErrorMessage = "Fleet:Database:CommandTimeoutSeconds must be 1 to 3600.")]
    public int CommandTimeoutSeconds { get; set; } = 30;

    /// <summary>How often an idle connection that waits for notifications is tested, in seconds. 1 to 600.</summary>
    [Range(1, 600, ErrorMessage = "Fleet:Database:KeepAliveSeconds must be 1 to 600.")]
    public int KeepAliveSeconds { get; set; } = 15;

    /// <summary>How long after a silo's last renewal of its lease its rows are free for others, in seconds. 5 to 600.</summary>
    [Range(5, 600, ErrorMessage = "Fleet:Database:SiloLeaseSeconds must be 5 to 600.")]
    public int SiloLeaseSeconds { get; set; } = 30;

    /// <summary>The change feed reads at least this often, in case a notification is missed, in milliseconds. 100 to 60,000.</summary>
    [Range(100, 60_000, ErrorMessage = "Fleet:Database:FeedReadIntervalMilliseconds must be 100 to 60000.")]
    public int FeedReadIntervalMilliseconds { get; set; } = 5_000;

    /// <summary>
    /// How long utterances are kept, in days: 0 = for ever, or 14 to 10,000. Longer than a device may keep one in its spool (7 days) by a
    /// margin, so that nothing expires on its way. Months are dropped as a whole, so it may be up to a month more.
    /// </summary>
    [Range(0, 10_000, ErrorMessage = "Fleet:Database:RetentionDays must be 0 (for ever) or 14 to 10000 days.")]
    public int RetentionDays { get; set; }

    /// <summary>How often the numbers of the devices are compared with the rows, in seconds. 1 to 3,600.</summary>
    [Range(1, 3600, ErrorMessage = "Fleet:Database:ReconcileIntervalSeconds must be 1 to 3600.")]
    public int ReconcileIntervalSeconds { get; set; } = 15;

    /// <summary>The shortest retention, in days: the spool's 7 and as many again.</summary>
    internal const int MinRetentionDays = 14;

    internal TimeSpan ReconcileInterval => TimeSpan.FromSeconds(ReconcileIntervalSeconds);

    internal TimeSpan SiloLease => TimeSpan.FromSeconds(SiloLeaseSeconds);

    internal TimeSpan FeedReadInterval => TimeSpan.FromMilliseconds(FeedReadIntervalMilliseconds);
}
