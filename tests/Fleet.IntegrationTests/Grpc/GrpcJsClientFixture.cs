using System.Text.Json;
using Fleet.GrpcPeer;
using Grpc.Core;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Runs every scenario of a grpc-js client once against our server and keeps what it saw.</summary>
public abstract class GrpcJsClientFixture(string script) : IAsyncLifetime
{
    private IReadOnlyDictionary<string, JsonElement> _results = new Dictionary<string, JsonElement>();

    public JsonElement this[string scenario]
    {
        get
        {
            var result = _results[scenario];
            result.TryGetProperty("hung", out _).ShouldBeFalse($"{scenario} did not end");
            return result;
        }
    }

    public JsonElement Ended(string scenario, StatusCode code)
    {
        var result = this[scenario];
        ((StatusCode)result.GetProperty("code").GetInt32()).ShouldBe(code, result.GetRawText());
        return result;
    }

    public async Task InitializeAsync()
    {
        await using var host = await PeerHost.StartAsync();
        await using var node = NodePeer.Start(script, host.Address.Authority);
        _results = await NodePeer.ResultsOfAsync(node);
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
