using System.ComponentModel.DataAnnotations;

namespace Fleet.DeviceAgent.Spool;

/// <summary>Bounds of the spool of one device.</summary>
internal sealed class SpoolOptions
{
    /// <summary>Most bytes on disk; beyond them the oldest utterances go, counted and logged. 1 MiB to 1 TiB, default 1 GiB.</summary>
    [Range(1L << 20, 1L << 40)]
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Most bytes of quarantined files kept for a look; beyond them the oldest go. 0 to 1 TiB, default 100 MiB.</summary>
    [Range(0L, 1L << 40)]
    public long MaxQuarantineBytes { get; init; } = 100L << 20;

    /// <summary>
    /// How often an utterance that is being recorded is flushed to the disk: the most that a power cut takes. 100 ms to 1 minute, default 1
    /// s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);
}
