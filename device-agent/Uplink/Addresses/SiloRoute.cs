using System.Net;

namespace Fleet.DeviceAgent.Uplink.Addresses;

/// <summary>The way of one connection: which server, and where it led.</summary>
internal sealed class SiloRoute(SiloAddresses addresses)
{
    private IPEndPoint? _address;

    public Uri Server { get; } = addresses.Choose();

    /// <summary>For SocketsHttpHandler.ConnectCallback.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (stream, address) = await addresses.DialAsync(context.DnsEndPoint, cancellationToken);
        Volatile.Write(ref _address, address);
        return stream;
    }

    /// <summary>The connection has ended.</summary>
    public void Leave() => addresses.Left(Server, Volatile.Read(ref _address));
}
