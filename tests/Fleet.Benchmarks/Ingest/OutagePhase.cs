namespace Fleet.Benchmarks.Ingest;

/// <summary>Where a run over an outage stands.</summary>
internal enum OutagePhase
{
    Before,
    Away,
    Recovery,
    After,
}
