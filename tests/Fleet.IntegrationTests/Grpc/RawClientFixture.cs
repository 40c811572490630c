using System.Text.Json;
using Fleet.GrpcPeer;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Runs every scenario of peers/raw-client.cjs once against our server and keeps what it saw.</summary>
public sealed class RawClientFixture : IAsyncLifetime
{
    private IReadOnlyDictionary<string, JsonElement> _results = new Dictionary<string, JsonElement>();

    public int Cancelled { get; private set; }

    public JsonElement this[string scenario]
    {
        get
        {
            var result = _results[scenario];
            result.TryGetProperty("hung", out _).ShouldBeFalse($"{scenario} did not end");
            return result;
        }
    }

    public async Task InitializeAsync()
    {
        await using var host = await PeerHost.StartAsync();
        await using var node = NodePeer.Start("raw-client.cjs", host.Address.Authority, host.Http1Address.Authority);
        _results = await NodePeer.ResultsOfAsync(node);
        Cancelled = host.Observations.Cancelled;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
