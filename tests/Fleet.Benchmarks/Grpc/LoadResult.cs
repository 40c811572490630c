namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>What a client measured; latencies are 0 where none were taken, allocations where the runtime does not tell.</summary>
internal sealed record LoadResult(
    int Count, double Seconds, double P50Microseconds, double P99Microseconds, double CpuMicroseconds, long AllocatedBytes, string? Error = null);
