using System.Globalization;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.Doctor;

/// <summary>Who listens on a TCP port of this machine, as far as /proc shows it to our user.</summary>
internal static class PortHolders
{
    private const string Listening = "0A";

    private static readonly string[] _tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>The process and how it was started; null when it is not to be seen (another user's).</summary>
    public static (int ProcessId, string Command)? Of(int port)
    {
        var sockets = SocketsOn(port);
        if (sockets.Count == 0)
        {
            return null;
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Holds(folder, sockets))
            {
                return (id, ProcessIdentity.CommandLineOf(id));
            }
        }

        return null;
    }

    private static HashSet<string> SocketsOn(int port)
    {
        var sockets = new HashSet<string>();
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        foreach (var table in _tables.Where(File.Exists))
        {
            foreach (var line in File.ReadLines(table).Skip(1))
            {
                // sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length > 9 && fields[3] == Listening && fields[1].EndsWith(suffix, StringComparison.Ordinal))
                {
                    sockets.Add($"socket:[{fields[9]}]");
                }
            }
        }

        return sockets;
    }

    private static bool Holds(string process, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(link => sockets.Contains(new FileInfo(link).LinkTarget ?? ""));
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is another user's
        }
    }
}
