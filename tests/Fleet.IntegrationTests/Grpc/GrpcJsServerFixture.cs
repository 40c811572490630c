using System.Globalization;
using Fleet.Testing;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>peers/server.cjs, and a channel of ours to it.</summary>
public sealed class GrpcJsServerFixture : IAsyncLifetime
{
    private TestProgram? _node;
    private GrpcChannel? _channel;

    internal GrpcChannel Channel => _channel ?? throw new InvalidOperationException("Not started.");

    internal Uri Address { get; private set; } = new("http://127.0.0.1");

    internal static async Task<(TestProgram Node, Uri Address)> StartNodeAsync(int port = 0)
    {
        var node = NodePeer.Start("server.cjs", port.ToString(CultureInfo.InvariantCulture));
        var listening = (await node.WaitForLineAsync("PORT")).Split(' ')[1];
        return (node, new Uri($"http://127.0.0.1:{listening}"));
    }

    public async Task InitializeAsync()
    {
        (_node, Address) = await StartNodeAsync();
        _channel = GrpcChannel.ForAddress(Address);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }
}
