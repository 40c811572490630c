namespace Fleet.Benchmarks.Connections;

/// <summary>The silo with so many connections.</summary>
/// <param name="Connections">Sessions that are open.</param>
/// <param name="ResidentMiB">Of the silo's process.</param>
/// <param name="Seconds">Since the first of them was asked for.</param>
/// <param name="CpuSeconds">That the silo has used since its start.</param>
internal sealed record ConnectionsSample(int Connections, double ResidentMiB, double Seconds, double CpuSeconds);
