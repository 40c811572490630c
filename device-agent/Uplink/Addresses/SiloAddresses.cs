using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fleet.DeviceAgent.Uplink.Addresses;

/// <summary>
/// Spreads devices over the silos without a balancer: of all addresses that it was given, and of all that stand behind a name, one is taken by lot; one that
/// was left a short while ago (it refused, went away or asked to reconnect elsewhere) comes last.
/// </summary>
internal sealed class SiloAddresses
{
    /// <summary>How long an address that was left comes last: longer than a silo takes to restart, so that a roll does not send devices back and forth.</summary>
    internal static readonly TimeSpan LeftFor = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for one address of several.</summary>
    internal static readonly TimeSpan PatienceWithOneOfMany = TimeSpan.FromSeconds(4);

    // More than any fleet has silos; what is beyond is forgotten, which only makes the choice less clever.
    private const int MostRemembered = 256;

    private readonly IReadOnlyList<Uri> _servers;
    private readonly IHostResolver _resolver;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _leftAt = [];

    /// <param name="servers">As configured, one or more.</param>
    /// <param name="resolver">Knows what stands behind a name.</param>
    /// <param name="time">Says how long ago an address was left.</param>
    /// <param name="random">0 to 1, 1 excluded.</param>
    public SiloAddresses(IReadOnlyList<Uri> servers, IHostResolver resolver, TimeProvider time, Func<double> random)
    {
        _servers = servers;
        _resolver = resolver;
        _time = time;
        _random = random;
    }

    /// <summary>The server to try now.</summary>
    public Uri Choose() => Order(_servers, Key)[0];

    /// <summary>Connects to one of the addresses behind the name; to the next one when that fails.</summary>
    /// <returns>The connection, and the address that it leads to.</returns>
    /// <exception cref="SocketException">No address takes a connection; of the last one that was tried.</exception>
    public async Task<(Stream Stream, IPEndPoint Address)> DialAsync(DnsEndPoint target, CancellationToken cancellationToken)
    {
        var found = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await _resolver.ResolveAsync(target.Host, cancellationToken);
        // Families stay in the system's order: where IPv6 leads nowhere, the system says so by putting it last.
        var candidates = found.Select(address => new IPEndPoint(address, target.Port)).GroupBy(address => address.AddressFamily)
            .SelectMany(family => Order([.. family], Key)).ToList();
        candidates = [.. candidates.Where(address => !WasLeft(Key(address))), .. candidates.Where(address => WasLeft(Key(address)))];
        for (var i = 0; ; i++)
        {
            var patience = candidates.Count > 1 ? PatienceWithOneOfMany : Timeout.InfiniteTimeSpan;
            try
            {
                return (await ConnectAsync(candidates[i], patience, cancellationToken), candidates[i]);
            }
            catch (SocketException) when (!cancellationToken.IsCancellationRequested)
            {
                Left(Key(candidates[i]));
                if (i == candidates.Count - 1)
                {
                    throw;
                }
            }
        }
    }

    /// <summary>A session on this server ended, whatever the reason: the next one is elsewhere, if there is an elsewhere.</summary>
    /// <param name="server">What <see cref="Choose"/> gave.</param>
    /// <param name="address">Where <see cref="DialAsync"/> led; null when it led nowhere.</param>
    public void Left(Uri server, IPEndPoint? address)
    {
        Left(Key(server));
        if (address is not null)
        {
            Left(Key(address));
        }
    }

    private static string Key(Uri server) => string.Create(CultureInfo.InvariantCulture, $"{server.IdnHost}:{server.Port}");

    private static string Key(IPEndPoint address) => address.ToString();

    private async Task<Stream> ConnectAsync(IPEndPoint address, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var giveUp = new CancellationTokenSource(patience, _time);
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

    /// <summary>By lot; those that were left come last, the one that was left first before the others.</summary>
    private List<T> Order<T>(IReadOnlyList<T> candidates, Func<T, string> key)
    {
        lock (_lock)
        {
            Forget_NeedsLock();
            return [.. candidates.Select(candidate => (candidate, left: _leftAt.GetValueOrDefault(key(candidate), long.MinValue), lot: _random()))
                .OrderBy(one => one.left).ThenBy(one => one.lot).Select(one => one.candidate)];
        }
    }

    private bool WasLeft(string key)
    {
        lock (_lock)
        {
            return _leftAt.ContainsKey(key);
        }
    }

    private void Left(string key)
    {
        lock (_lock)
        {
            _leftAt[key] = _time.GetTimestamp();
            Forget_NeedsLock();
            if (_leftAt.Count > MostRemembered)
            {
                _leftAt.Remove(_leftAt.MinBy(entry => entry.Value).Key);
            }
        }
    }

    private void Forget_NeedsLock()
    {
        foreach (var key in _leftAt.Where(entry => _time.GetElapsedTime(entry.Value) > LeftFor).Select(entry => entry.Key).ToList())
        {
            _leftAt.Remove(key);
        }
    }
}
