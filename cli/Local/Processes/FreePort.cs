using System.Net;
using System.Net.Sockets;

namespace Fleet.Cli.Local.Processes;

/// <summary>Finds TCP ports on loopback that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>A port that the kernel picked. Another process may take it before we do: who starts a server tries again then.</summary>
    public static int Any()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>True when a server could listen on <paramref name="port"/> of 127.0.0.1 now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The first free port of <paramref name="wanted"/>, then the next ones after the last of them that are not in <paramref name="taken"/>.</summary>
    public static int Choose(IReadOnlyList<int> wanted, IReadOnlySet<int> taken) => Choose(wanted, taken, IsFree);

    internal static int Choose(IReadOnlyList<int> wanted, IReadOnlySet<int> taken, Func<int, bool> isFree)
    {
        const int Attempts = 200;
        foreach (var port in wanted)
        {
            if (!taken.Contains(port) && isFree(port))
            {
                return port;
            }
        }

        for (var port = wanted[^1] + 1; port <= Math.Min(wanted[^1] + Attempts, IPEndPoint.MaxPort); port++)
        {
            if (!taken.Contains(port) && isFree(port))
            {
                return port;
            }
        }

        return Any();
    }
}
