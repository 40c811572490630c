namespace Fleet.Benchmarks.Ingest;

/// <summary>What the bare loop answers.</summary>
internal sealed record BareReport(double Seconds, long Rows, double P50Milliseconds, double P99Milliseconds, string? Error = null)
{
    public double PerSecond => Seconds > 0 ? Rows / Seconds : 0;
}
