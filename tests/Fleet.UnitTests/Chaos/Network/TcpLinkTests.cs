using System.Net;
using System.Net.Sockets;
using Fleet.Chaos.Network;

namespace Fleet.UnitTests.Chaos.Network;

/// <summary>The bad network of the chaos runs, on loopback against a plain server.</summary>
public sealed class TcpLinkTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _open = [];
    private readonly TcpLink _sut;

    public TcpLinkTests()
    {
        _server.Start();
        _sut = new TcpLink((IPEndPoint)_server.LocalEndpoint, TimeProvider.System);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _sut.DisposeAsync();

    public void Dispose()
    {
        _open.ForEach(socket => socket.Dispose());
        _server.Dispose();
    }

    [Fact]
    public async Task Pass_BothDirectionsAndTheEnd_ComeThrough()
    {
        var (client, server) = await ConnectAsync();

        await client.SendAsync("up"u8.ToArray());
        (await ReceiveAsync(server, 2)).ShouldBe("up");
        await server.SendAsync("down"u8.ToArray());
        (await ReceiveAsync(client, 4)).ShouldBe("down");
        client.Shutdown(SocketShutdown.Send);

        (await server.ReceiveAsync(new byte[1]).WaitAsync(_limit)).ShouldBe(0);
    }

    [Fact]
    public async Task Cut_OpenAndNewConnections_AreResetOnBothSides()
    {
        var (client, server) = await ConnectAsync();

        _sut.Mode = LinkMode.Cut;

        await ShouldBeResetAsync(client);
        await ShouldBeResetAsync(server);
        await ShouldBeResetAsync(DialAsync);
        _sut.Mode = LinkMode.Pass;
        var (again, peer) = await ConnectAsync();
        await again.SendAsync("x"u8.ToArray());
        (await ReceiveAsync(peer, 1)).ShouldBe("x");
    }

    [Fact]
    public async Task Stall_WhatIsSentMeanwhile_ComesWhenItPassesAgain()
    {
        var (client, server) = await ConnectAsync();

        _sut.Mode = LinkMode.Stall;
        await client.SendAsync("held"u8.ToArray());
        var late = await DialAsync();
        await late.SendAsync("late"u8.ToArray());
        var receiving = ReceiveAsync(server, 4);
        receiving.IsCompleted.ShouldBeFalse();
        _server.Pending().ShouldBeFalse();
        _sut.Mode = LinkMode.Pass;

        (await receiving).ShouldBe("held");
        using var second = await _server.AcceptSocketAsync().WaitAsync(_limit);
        (await ReceiveAsync(second, 4)).ShouldBe("late");
    }

    [Fact]
    public async Task Swallow_IsOver_ConnectionsAreReset()
    {
        var (client, server) = await ConnectAsync();

        _sut.Mode = LinkMode.Swallow;
        await client.SendAsync("gone"u8.ToArray());
        client.Poll(TimeSpan.FromMilliseconds(50), SelectMode.SelectRead).ShouldBeFalse("The link swallows, it does not hang up.");
        _sut.Mode = LinkMode.Pass;

        await ShouldBeResetAsync(client);
        await ShouldBeResetAsync(server);
    }

    [Fact]
    public async Task Delay_EachPiece_ComesLater()
    {
        var (client, server) = await ConnectAsync();
        _sut.Delay = TimeSpan.FromMilliseconds(200);
        var begun = TimeProvider.System.GetTimestamp();

        await client.SendAsync("x"u8.ToArray());
        await ReceiveAsync(server, 1);

        TimeProvider.System.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(150));
    }

    private static async Task<string> ReceiveAsync(Socket socket, int count)
    {
        var buffer = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read)).AsTask().WaitAsync(_limit);
            more.ShouldBeGreaterThan(0, "the connection ended");
            read += more;
        }

        return System.Text.Encoding.ASCII.GetString(buffer);
    }

    private static Task ShouldBeResetAsync(Socket socket) => ShouldBeResetAsync(() => Task.FromResult(socket));

    /// <summary>At once, or with the first thing that is asked of it.</summary>
    private static async Task ShouldBeResetAsync(Func<Task<Socket>> connect)
    {
        var error = await Should.ThrowAsync<SocketException>(async () => await (await connect()).ReceiveAsync(new byte[1]).WaitAsync(_limit));
        error.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    private async Task<Socket> DialAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _open.Add(client);
        await client.ConnectAsync(IPAddress.Loopback, _sut.Port).WaitAsync(_limit);
        return client;
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = await DialAsync();
        var server = await _server.AcceptSocketAsync().WaitAsync(_limit);
        _open.Add(server);
        return (client, server);
    }
}
