using System.Net;

namespace Fleet.DeviceAgent.Uplink.Addresses;

/// <summary>Finds the addresses of a name. Tests put a name service of their own here.</summary>
internal interface IHostResolver
{
    /// <summary>At least one address.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name is not known, or nobody can be asked.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}
