using System.Globalization;
using System.Net.Sockets;
using Fleet.Cli.Local.Processes;

namespace Fleet.Cli.Local.State;

/// <summary>
/// The TCP ports of loopback that this launcher has chosen. Its parts listen on them only seconds later, and until then a port looks free to the
/// next launcher: so each is held, for as long as the launcher lives, by a socket of the same number in Linux' abstract namespace, which reaches as
/// far as the ports do (the network namespace), knows no users and leaves no file behind.
/// </summary>
internal sealed class PortReservations : IDisposable
{
    private readonly List<Socket> _held = [];

    /// <summary>Takes <paramref name="port"/>; false when somebody listens on it or another launcher has taken it.</summary>
    public bool TryTake(int port)
    {
        var mark = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            mark.Bind(new UnixDomainSocketEndPoint(string.Create(CultureInfo.InvariantCulture, $"\0fleet-port-{port}")));
        }
        catch (SocketException)
        {
            mark.Dispose();
            return false;
        }

        if (!FreePort.IsFree(port))
        {
            mark.Dispose();
            return false;
        }

        _held.Add(mark);
        return true;
    }

    public void Dispose() => _held.ForEach(mark => mark.Dispose());
}
