using System.Globalization;

namespace Fleet.Benchmarks.Connections;

/// <summary>Processor time of another process, as Linux tells it.</summary>
internal static class ProcessCpu
{
    // USER_HZ, the same on every Linux that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Seconds in user and kernel mode since its start.</summary>
    public static double Seconds(int processId) => Parse(File.ReadAllText($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/stat"));

    // proc_pid_stat(5): the second field, the name, may hold anything; utime and stime are the 14th and 15th.
    internal static double Parse(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
