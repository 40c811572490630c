using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Fleet.DeviceAgent.Uplink.Addresses;
using Fleet.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.DeviceAgent.Uplink;

/// <summary>Connects to a silo by gRPC. The key is read at each attempt, so that a mended one is used without a restart.</summary>
internal sealed class GrpcIngestConnector(ServerList servers, JoinKey key, SiloDialer dialer) : IIngestConnector
{
    private static readonly TimeSpan _pingAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _pingTimeout = TimeSpan.FromSeconds(20);

    // Some addresses of a name may lead nowhere: time for several of them, and for TLS.
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(20);

    public async Task<IIngestConnection> ConnectAsync(int turn, CancellationToken cancellationToken)
    {
        var server = servers[turn];
        var headers = new Metadata { { "authorization", $"Bearer {await key.ReadAsync(cancellationToken)}" } };
        var handler = CreateHandler(server);
        handler.ConnectTimeout = _connectTimeout;
        handler.ConnectCallback = async (context, token) => await dialer.ConnectAsync(context.DnsEndPoint, turn / servers.Servers.Count, token);
        var options = new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true };
        var channel = GrpcChannel.ForAddress(server.Address, options);
        try
        {
            // Not bound to the token: the session ends the call in its own order.
            var call = new DeviceIngest.DeviceIngestClient(channel).Connect(headers, cancellationToken: CancellationToken.None);
            return new GrpcIngestConnection(channel, call);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    internal static SocketsHttpHandler CreateHandler(ServerAddress server)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            // A link that died without a word is noticed within a minute also while nothing is said; the pings of the silo are its own.
            KeepAlivePingDelay = _pingAfter,
            KeepAlivePingTimeout = _pingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            UseProxy = server.UseProxy,
        };
        if (server.TrustedRoots is { } roots)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = ChainPolicy(roots) };
        }

        return handler;
    }

    internal static X509ChainPolicy ChainPolicy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }
}
