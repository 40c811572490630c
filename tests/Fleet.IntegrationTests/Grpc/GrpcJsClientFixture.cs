using System.Text.Json;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Runs every scenario of peers/client.cjs once against our server and keeps what it saw.</summary>
public sealed class GrpcJsClientFixture : IAsyncLifetime
{
    private Dictionary<string, JsonElement> _results = [];

    public JsonElement this[string scenario] => _results[scenario];

    public async Task InitializeAsync()
    {
        await using var host = await PeerHost.StartAsync();
        await using var node = NodePeer.Start("client.cjs", host.Address.Authority);
        await node.WaitForLineAsync("DONE");
        _results = node.Lines
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(result => result.GetProperty("name").GetString()!);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
