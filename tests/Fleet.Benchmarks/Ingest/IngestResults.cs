namespace Fleet.Benchmarks.Ingest;

/// <summary>Everything that a run has measured; a list per part has one entry a round.</summary>
internal sealed class IngestResults
{
    public List<BareReport> Bare { get; } = [];

    /// <summary>By number of devices.</summary>
    public SortedDictionary<int, List<DevicesReport>> Floods { get; } = [];

    public List<BareReport> BareSingle { get; } = [];

    public List<DevicesReport> Lone { get; } = [];

    public List<DevicesReport> Half { get; } = [];

    public double HalfTarget { get; set; }

    public int HalfDevices { get; set; }

    public List<(double P50, double P99)> Syncs { get; } = [];

    public OutageResult? Outage { get; set; }
}
