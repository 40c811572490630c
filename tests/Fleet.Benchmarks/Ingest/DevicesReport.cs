namespace Fleet.Benchmarks.Ingest;

/// <summary>What a process of devices answers.</summary>
internal sealed record DevicesReport
{
    public double Seconds { get; init; }

    public long Stored { get; init; }

    /// <summary>Answers "send it again later".</summary>
    public long Refused { get; init; }

    public long BrokenSessions { get; init; }

    /// <summary>Spoken and not yet stored.</summary>
    public long Waiting { get; init; }

    /// <summary>Spoken since the devices connected.</summary>
    public long Spoken { get; init; }

    /// <summary>From the end of an utterance to its ack.</summary>
    public double P50Milliseconds { get; init; }

    public double P95Milliseconds { get; init; }

    public double P99Milliseconds { get; init; }

    public double LongestMilliseconds { get; init; }

    public double CpuSeconds { get; init; }

    public string? Error { get; init; }

    public double PerSecond => Seconds > 0 ? Stored / Seconds : 0;
}
