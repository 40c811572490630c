using System.Globalization;
using Fleet.Testing;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>peers/raw-server.cjs, which breaks the rules of gRPC and of HTTP/2.</summary>
public sealed class RawServerFixture : IAsyncLifetime
{
    private const int NetScenarios = 21;

    private readonly Dictionary<string, Uri> _netAddresses = [];
    private TestProgram? _node;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>The scenarios below HTTP/2 have an address each.</summary>
    public Uri NetAddress(string scenario) => _netAddresses[scenario];

    public async Task InitializeAsync()
    {
        _node = NodePeer.Start("raw-server.cjs");
        Address = Loopback((await _node.WaitForLineAsync("PORT")).Split(' ')[1]);
        await _node.WaitForLineAsync(_ => _node.Lines.Count(line => line.StartsWith("NET ", StringComparison.Ordinal)) >= NetScenarios);
        foreach (var line in _node.Lines.Where(line => line.StartsWith("NET ", StringComparison.Ordinal)))
        {
            var words = line.Split(' ');
            _netAddresses[words[1]] = Loopback(words[2]);
        }
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }

    private static Uri Loopback(string port) => new($"http://127.0.0.1:{int.Parse(port, CultureInfo.InvariantCulture)}");
}
