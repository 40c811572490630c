namespace Fleet.Benchmarks;

/// <summary>What else the machine does while we measure.</summary>
internal static class Machine
{
    /// <summary>Of the last minute, five and fifteen. A benchmark's own processes make it 2 to 4.</summary>
    public static string LoadAverage() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]) : "unknown";
}
