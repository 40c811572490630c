namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>What this process has used since its start.</summary>
internal readonly record struct ProcessUsage(double CpuMicroseconds, long AllocatedBytes)
{
    public static ProcessUsage Now() =>
        new(Environment.CpuUsage.TotalTime.TotalMicroseconds, GC.GetTotalAllocatedBytes(precise: true));

    public ProcessUsage Since(ProcessUsage start) => new(CpuMicroseconds - start.CpuMicroseconds, AllocatedBytes - start.AllocatedBytes);
}
