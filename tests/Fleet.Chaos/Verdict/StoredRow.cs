namespace Fleet.Chaos.Verdict;

/// <summary>An utterance as the database has it.</summary>
internal sealed record StoredRow
{
    public const int StatusStored = 1;
    public const int StatusFailed = 4;
    public const int StatusLost = 5;
    public const int ClockCorrected = 3;
    public const int ClockUnknown = 4;
    public const int EndTruncated = 5;
    public const int LostSpoolFull = 1;
    public const int LostDisk = 4;

    public required string DeviceId { get; init; }

    public required Guid UtteranceId { get; init; }

    public required long SequenceNumber { get; init; }

    /// <summary>fleet.v1.UtteranceStatus.</summary>
    public required int Status { get; init; }

    /// <summary>fleet.v1.UtteranceEnd.Reason.</summary>
    public int EndReason { get; init; }

    /// <summary>fleet.v1.Clock.</summary>
    public int Clock { get; init; }

    /// <summary>Why it is lost or failed.</summary>
    public string Reason { get; init; } = "";

    /// <summary>fleet.v1.UtteranceLost.Reason of a lost one; 0 where it does not say.</summary>
    public int LostReason { get; init; }

    /// <summary>When the database had it, by its clock.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Null: no audio is kept.</summary>
    public byte[]? Pcm { get; init; }
}
