using System.Globalization;

namespace Fleet.Benchmarks.Ingest;

/// <summary>Memory of another process, as Linux tells it.</summary>
internal static class ProcessMemory
{
    /// <summary>Resident, in MiB.</summary>
    public static double ResidentMiB(int processId) => Parse(File.ReadAllLines($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/status"));

    internal static double Parse(IEnumerable<string> status)
    {
        const string Key = "VmRSS:";
        var line = status.First(static line => line.StartsWith(Key, StringComparison.Ordinal));
        return double.Parse(line[Key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1_024;
    }
}
