namespace Fleet.Benchmarks.Ingest;

/// <summary>What the database has of some devices.</summary>
internal sealed record StoredRows(long Rows, long DifferentNumbers, long AudioBytes);
