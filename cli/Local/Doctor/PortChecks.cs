using System.Globalization;
using System.Net.Sockets;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Whether the ports are free, and if not, who has them.</summary>
internal static class PortChecks
{
    private const string Name = "Ports";
    private const int MaxWords = 3;

    /// <param name="wanted">The ports of the next start.</param>
    /// <param name="ours">Programs of Fleet are told by their names: the text that is in their command line.</param>
    public static Finding Check(LocalPorts wanted, string ours = "Fleet.")
    {
        var taken = new (string Name, int Port)[]
            {
                ("dashboard", wanted.Dashboard), ("gRPC", wanted.Grpc), ("health", wanted.Health), ("scoring", wanted.Scoring), ("PostgreSQL", wanted.Postgres),
            }
            .Where(port => !FreePort.IsFree(port.Port))
            .Select(port => Describe(port.Name, port.Port, ours))
            .ToArray();
        return taken.Length == 0
            ? Finding.Good(Name, string.Create(CultureInfo.InvariantCulture, $"free: {wanted.Dashboard}, {wanted.Grpc}, {wanted.Health}, {wanted.Scoring}, {wanted.Postgres}"))
            : Finding.Warning(Name, string.Join("; ", taken), "nothing, the start takes the next free ones; or end that program, or choose with --dashboard-port and its like");
    }

    /// <summary>Whether a program may listen on loopback at all.</summary>
    public static Finding Loopback()
    {
        try
        {
            FreePort.Any();
            return Finding.Good("Loopback", "127.0.0.1");
        }
        catch (SocketException ex)
        {
            return Finding.Bad("Loopback", $"nobody can listen on 127.0.0.1 ({ex.Message})", "ip link set lo up");
        }
    }

    private static string Describe(string name, int port, string ours)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{name} {port} is taken by ");
        if (PortHolders.Of(port) is not { } holder)
        {
            return text + "a program of another user";
        }

        // "dotnet Fleet.Silo.dll" tells more than the beginning of two long paths.
        var command = string.Join(' ', holder.Command.Split(' ').Take(MaxWords).Select(Path.GetFileName));
        return holder.Command.Contains(ours, StringComparison.Ordinal) || holder.Command.Contains("postgres -D", StringComparison.Ordinal)
            ? text + string.Create(CultureInfo.InvariantCulture, $"a part of a fleet, process {holder.ProcessId} ({command})")
            : text + string.Create(CultureInfo.InvariantCulture, $"process {holder.ProcessId} ({command})");
    }
}
