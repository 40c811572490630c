using System.Globalization;
using System.Text.Json;
using Fleet.GrpcPeer;
using Fleet.Testing;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop.RealPackages;

/// <summary>The peer program of the full flavour as a server, and what it saw as a client of our server.</summary>
public sealed class RealPackagesFixture : IAsyncLifetime
{
    private TestProgram? _server;
    private GrpcChannel? _channel;

    public IReadOnlyDictionary<string, JsonElement> ClientResults { get; private set; } = new Dictionary<string, JsonElement>();

    internal GrpcChannel Channel => _channel ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        if (RealPackagesTheoryAttribute.SkipReason is not null)
        {
            // Its tests are skipped and say so.
            return;
        }

        var program = RepositoryPaths.ProgramOf("full", "Fleet.GrpcPeer");
        _server = TestProgram.StartCommand("dotnet", [program, "serve"]);
        var port = (await _server.WaitForLineAsync("PORT")).Split(' ')[1];
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{int.Parse(port, CultureInfo.InvariantCulture)}");

        await using var host = await PeerHost.StartAsync();
        await using var client = TestProgram.StartCommand("dotnet", [program, "call", host.Address.ToString()]);
        ClientResults = await NodePeer.ResultsOfAsync(client);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
