using System.Net;

namespace Fleet.DeviceAgent.Uplink.Addresses;

/// <summary>Asks the system at each connection: silos come and go.</summary>
internal sealed class DnsHostResolver : IHostResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
