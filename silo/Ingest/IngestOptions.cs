using System.ComponentModel.DataAnnotations;

namespace Fleet.Silo.Ingest;

/// <summary>Section Fleet:Ingest: what devices may send, and how much of it the silo holds.</summary>
internal sealed class IngestOptions
{
    public const string Section = "Fleet:Ingest";

    /// <summary>Bytes of PCM that a device may have sent and not yet seen answered. 64 KiB to 256 MiB; default 4 MiB (131 s).</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int CreditBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Longest utterance in bytes of PCM. 32,000 (1 s) to 64 MiB; default 2 MiB (65 s). At most CreditBytes.</summary>
    [Range(32_000, 64 * 1024 * 1024)]
    public int MaxUtteranceBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Bytes of PCM that the silo holds for all devices; beyond it new utterances are refused for now. 1 MiB to 64 GiB; default 512 MiB.</summary>
    [Range(1024 * 1024, 64L * 1024 * 1024 * 1024)]
    public long MaxTotalAudioBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Milliseconds between two heartbeats of a device; after three times as long without a message its session ends. 100 to 300,000; default 15,000.</summary>
    [Range(100, 300_000)]
    public int HeartbeatIntervalMs { get; init; } = 15_000;

    /// <summary>Milliseconds until the first message of a stream, a Hello, must be there. 100 to 60,000; default 10,000.</summary>
    [Range(100, 60_000)]
    public int HelloTimeoutMs { get; init; } = 10_000;

    /// <summary>Seconds that a half-closed session stays for the transcripts of what it sent. 0 to 600; default 30.</summary>
    [Range(0, 600)]
    public int TranscriptWaitSeconds { get; init; } = 30;

    /// <summary>Messages that wait for a device which does not read; then its session ends. 16 to 65,536; default 1,024.</summary>
    [Range(16, 65_536)]
    public int OutboxMessages { get; init; } = 1_024;

    /// <summary>Most utterances in one transaction. 1 to 1,024; default 64.</summary>
    [Range(1, 1_024)]
    public int CommitMaxUtterances { get; init; } = 64;

    /// <summary>Most bytes of PCM in one transaction, unless a single utterance is longer. 64 KiB to 256 MiB; default 8 MiB.</summary>
    [Range(64 * 1024, 256 * 1024 * 1024)]
    public int CommitMaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Milliseconds that the oldest of a group waits for company, only while groups have more than one member. 0 to 1,000; default 0: what comes during
    /// a commit is company enough.
    /// </summary>
    [Range(0, 1_000)]
    public int CommitMaxAgeMs { get; init; }

    /// <summary>Seconds that the first part of an utterance is kept when its session breaks, so that its device sends only the rest. 0 to 3,600; default 120.</summary>
    [Range(0, 3_600)]
    public int ParkSeconds { get; init; } = 120;

    /// <summary>Messages without audio (heartbeats, log lines, settings, losses, questions) that a session may send in a minute. 120 to 1,000,000; default 6,000.</summary>
    [Range(120, 1_000_000)]
    public int ControlMessagesPerMinute { get; init; } = 6_000;

    /// <summary>Most utterances that wait for their commit; beyond it they are refused for now. 16 to 1,000,000; default 8,192.</summary>
    [Range(16, 1_000_000)]
    public int CommitQueueUtterances { get; init; } = 8_192;

    public TimeSpan CommitMaxAge => TimeSpan.FromMilliseconds(CommitMaxAgeMs);

    public TimeSpan Park => TimeSpan.FromSeconds(ParkSeconds);

    public TimeSpan HeartbeatInterval => TimeSpan.FromMilliseconds(HeartbeatIntervalMs);

    public TimeSpan IdleTimeout => 3 * HeartbeatInterval;

    public TimeSpan HelloTimeout => TimeSpan.FromMilliseconds(HelloTimeoutMs);

    public TimeSpan TranscriptWait => TimeSpan.FromSeconds(TranscriptWaitSeconds);
}
