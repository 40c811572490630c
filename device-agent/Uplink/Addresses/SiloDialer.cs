using System.Net;
using System.Net.Sockets;

namespace Fleet.DeviceAgent.Uplink.Addresses;

/// <summary>
/// Behind one name there may be many silos. A turn decides which of them a connection tries first, so devices spread without a balancer; the others follow
/// when it does not answer. The same turn leads to the same silo, which may still have the first part of what was being sent; the next turn to another one.
/// </summary>
internal sealed class SiloDialer(IHostResolver resolver, TimeProvider time)
{
    /// <summary>Longest wait for one address of several.</summary>
    internal static readonly TimeSpan PatienceWithOneOfMany = TimeSpan.FromSeconds(4);

    /// <param name="target">Name or address, and port.</param>
    /// <param name="turn">From 0.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SocketException">The name is not known, or no address takes a connection; of the last one that was tried.</exception>
    public async Task<NetworkStream> ConnectAsync(DnsEndPoint target, int turn, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal)
            ? [literal]
            : InTurn(await resolver.ResolveAsync(target.Host, cancellationToken), turn);
        for (var i = 0; ; i++)
        {
            try
            {
                var patience = addresses.Count > 1 ? PatienceWithOneOfMany : Timeout.InfiniteTimeSpan;
                return await ConnectAsync(new IPEndPoint(addresses[i], target.Port), patience, cancellationToken);
            }
            catch (SocketException) when (i < addresses.Count - 1 && !cancellationToken.IsCancellationRequested)
            {
                // The next one.
            }
        }
    }

    /// <summary>
    /// In an order of their own, whatever the name service shuffles, beginning at the turn's. Families stay in the system's order: where IPv6 leads nowhere, the
    /// system says so by putting it last.
    /// </summary>
    internal static IReadOnlyList<IPAddress> InTurn(IReadOnlyList<IPAddress> found, int turn) =>
    [
        .. found.Distinct().GroupBy(address => address.AddressFamily).SelectMany(family =>
        {
            var sorted = family.OrderBy(address => Convert.ToHexString(address.GetAddressBytes()), StringComparer.Ordinal).ToList();
            var first = turn % sorted.Count;
            return sorted[first..].Concat(sorted[..first]);
        }),
    ];

    private async Task<NetworkStream> ConnectAsync(IPEndPoint address, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var giveUp = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(giveUp.Token, cancellationToken);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, both.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
