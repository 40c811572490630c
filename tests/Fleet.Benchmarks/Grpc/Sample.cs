namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>One pair in one scenario in one round; CPU of both processes and allocations are those of one call or message.</summary>
internal sealed record Sample(
    double PerSecond,
    double P50Microseconds,
    double P99Microseconds,
    double CpuMicroseconds,
    double ClientAllocatedBytes,
    double ServerAllocatedBytes);
