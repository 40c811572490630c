namespace Fleet.Benchmarks.Ingest;

/// <summary>The silo's memory at a moment of the outage, and what the devices had still to bring.</summary>
internal sealed record MemorySample(double Seconds, OutagePhase Phase, double SiloMiB, long UtterancesWaiting, long BrokenSessions);
