using System.ComponentModel.DataAnnotations;

namespace Fleet.DeviceAgent.Spool;

/// <summary>Bounds of the spool of one device, and how it lies on the disk.</summary>
internal sealed class SpoolOptions
{
    /// <summary>Most bytes on disk; beyond them the oldest utterances go, counted, logged and reported. 1 MiB to 1 TiB, default 1 GiB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Longest time that an utterance waits; then it goes, and its loss is reported. Counted by the agent, not read from a clock that may
    /// jump. 10 minutes to 365 days, default 7 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:10:00", "365.00:00:00")]
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long what the cloud has stored is kept on the device; it goes first when room is needed. 0 to 720 hours, default 0: not at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan KeepStored { get; init; }

    /// <summary>Most bytes of quarantined files kept for a look; beyond them the oldest go. 0 to 1 TiB, default 100 MiB.</summary>
    [Range(0L, 1L << 40)]
    public long MaxQuarantineBytes { get; init; } = 100L << 20;

    /// <summary>
    /// Most losses that wait to be reported; beyond them the oldest are forgotten, and the cloud counts their numbers as missing. 1 to
    /// 1,000,000, default 10,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxLosses { get; init; } = 10_000;

    /// <summary>
    /// How often an utterance that is being recorded is flushed to the disk: the most that a power cut takes. 100 ms to 1 minute, default 1
    /// s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether what is written is encrypted. Default: yes.</summary>
    public bool Encrypt { get; init; } = true;

    /// <summary>File with the key; null: one in the state folder, mixed with the machine's serial number.</summary>
    public string? KeyFile { get; init; }
}
