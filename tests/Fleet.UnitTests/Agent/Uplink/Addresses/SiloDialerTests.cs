using System.Net;
using System.Net.Sockets;
using Fleet.DeviceAgent.Uplink.Addresses;

namespace Fleet.UnitTests.Agent.Uplink.Addresses;

/// <summary>Silos are 127.0.0.1, 127.0.0.2, … on one port, as silos in containers have it.</summary>
public sealed class SiloDialerTests : IDisposable
{
    private readonly List<TcpListener> _silos = [];
    private readonly NameService _names = new();

    public void Dispose() => _silos.ForEach(silo => silo.Dispose());

    [Fact]
    public async Task Connect_EachTurn_LeadsToAnotherSilo_WhateverOrderTheNamesComeIn()
    {
        var port = StartSilos(3);
        var first = await Task.WhenAll(Enumerable.Range(0, 6).Select(turn => ConnectAsync(port, turn)));
        _names.Addresses.Reverse();
        var second = await Task.WhenAll(Enumerable.Range(0, 6).Select(turn => ConnectAsync(port, turn)));

        first.ShouldBe(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.1", "127.0.0.2", "127.0.0.3"]);
        second.ShouldBe(first);
    }

    [Fact]
    public async Task Connect_TheTurnsSiloIsDown_TheNextIsTaken()
    {
        var port = StartSilos(3);
        _silos[1].Stop();

        (await ConnectAsync(port, turn: 1)).ShouldBe("127.0.0.3");
    }

    [Fact]
    public async Task Connect_AllAreDown_SaysSo()
    {
        var port = StartSilos(2);
        _silos.ForEach(silo => silo.Stop());

        (await Should.ThrowAsync<SocketException>(() => ConnectAsync(port, turn: 0))).SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task Connect_SilosJoinAndLeave_EachConnectionAsksAnew()
    {
        var port = StartSilos(2);
        _names.Addresses.RemoveAt(1);
        var alone = await ConnectAsync(port, turn: 1);
        _names.Addresses.Add(IPAddress.Parse("127.0.0.2"));

        (alone, await ConnectAsync(port, turn: 1)).ShouldBe(("127.0.0.1", "127.0.0.2"));
    }

    [Fact]
    public async Task Connect_AnAddress_AsksNoNameService()
    {
        var port = StartSilos(1);
        _names.Addresses.Clear();

        await using var stream = await new SiloDialer(_names, TimeProvider.System).ConnectAsync(new DnsEndPoint("127.0.0.1", port), 5, CancellationToken.None);

        stream.Socket.RemoteEndPoint.ShouldBe(new IPEndPoint(IPAddress.Loopback, port));
    }

    [Fact]
    public async Task Connect_Cancelled_Ends()
    {
        var port = StartSilos(2);

        await Should.ThrowAsync<OperationCanceledException>(
            () => new SiloDialer(_names, TimeProvider.System).ConnectAsync(new DnsEndPoint("silo", port), 0, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void InTurn_TwoFamilies_StayInTheSystemsOrder()
    {
        IPAddress[] found = [IPAddress.Parse("fd00::2"), IPAddress.Parse("10.0.0.2"), IPAddress.Parse("fd00::1"), IPAddress.Parse("10.0.0.1")];

        SiloDialer.InTurn(found, 1).Select(address => address.ToString()).ShouldBe(["fd00::2", "fd00::1", "10.0.0.2", "10.0.0.1"]);
    }

    private async Task<string> ConnectAsync(int port, int turn)
    {
        await using var stream = await new SiloDialer(_names, TimeProvider.System).ConnectAsync(new DnsEndPoint("silo", port), turn, CancellationToken.None);
        return ((IPEndPoint)stream.Socket.RemoteEndPoint!).Address.ToString(); // it is connected
    }

    private int StartSilos(int count)
    {
        var port = 0;
        for (var i = 1; i <= count; i++)
        {
            var address = IPAddress.Parse($"127.0.0.{i}");
            var silo = new TcpListener(address, port);
            silo.Start();
            port = ((IPEndPoint)silo.LocalEndpoint).Port;
            _silos.Add(silo);
            _names.Addresses.Add(address);
        }

        return port;
    }

    private sealed class NameService : IHostResolver
    {
        public List<IPAddress> Addresses { get; } = [];

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            host.ShouldBe("silo");
            return Task.FromResult<IReadOnlyList<IPAddress>>([.. Addresses]);
        }
    }
}
