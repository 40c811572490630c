using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fleet.DeviceAgent.Service;

/// <summary>
/// The service manager that started the agent, and what it is told: datagrams of "NAME=VALUE" lines to the socket in NOTIFY_SOCKET, as sd_notify(3) and
/// sd_watchdog_enabled(3) describe.
/// </summary>
internal sealed class ServiceManager : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string TimeoutVariable = "WATCHDOG_USEC";
    private const string ProcessVariable = "WATCHDOG_PID";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private readonly UnixDomainSocketEndPoint _address;

    /// <param name="socket">Path of the socket; '@' first: in the abstract namespace.</param>
    /// <param name="watchdogTimeout">The manager ends an agent from which it has heard nothing for so long; null = it does not watch.</param>
    public ServiceManager(string socket, TimeSpan? watchdogTimeout)
    {
        _address = new UnixDomainSocketEndPoint(socket.StartsWith('@') ? '\0' + socket[1..] : socket);
        WatchdogTimeout = watchdogTimeout;
    }

    public TimeSpan? WatchdogTimeout { get; }

    /// <summary>Null where nobody has asked to be told: in a terminal, in a container.</summary>
    /// <param name="read">Reads a variable of the environment.</param>
    public static ServiceManager? FromEnvironment(Func<string, string?> read)
    {
        if (read(SocketVariable) is not { Length: > 1 } socket || socket[0] is not ('/' or '@'))
        {
            return null;
        }

        var isMeant = read(ProcessVariable) is not { Length: > 0 } process || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        var hasTimeout = long.TryParse(read(TimeoutVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0;
        return new ServiceManager(socket, isMeant && hasTimeout ? TimeSpan.FromMicroseconds(microseconds) : null);
    }

    /// <summary>Told at most: a manager that is gone or does not read holds nothing up.</summary>
    public void Notify(string state)
    {
        try
        {
            _socket.SendTo(Encoding.UTF8.GetBytes(state), _address);
        }
        catch (SocketException)
        {
            // A missed word is made up for by the next; without any the agent is started anew.
        }
    }

    public void Dispose() => _socket.Dispose();
}
