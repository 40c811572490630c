namespace Fleet.Silo.Membership;

/// <summary>How much a silo has to do.</summary>
/// <param name="CpuPercent">Of one core, since it was asked last, at least over a second.</param>
/// <param name="MemoryBytes">Resident, of the process.</param>
/// <param name="AudioBytes">Of them, audio that arrives, waits for its commit, or for its transcript.</param>
/// <param name="Transcriber">Null: a silo of an older version, which does not say.</param>
internal sealed record SiloLoad(double CpuPercent, long MemoryBytes, long AudioBytes, TranscriberLoad? Transcriber = null);
