namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>What the process of a server says: its port first, then, each time it is asked, what it has used so far.</summary>
internal sealed record ServerReport(int Port, double CpuMicroseconds, long AllocatedBytes);
