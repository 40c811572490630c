using System.Text.Json;
using Fleet.Testing;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Starts the peers that are written in JavaScript, with @grpc/grpc-js or by hand.</summary>
internal static class NodePeer
{
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(300);

    private static readonly string _tests = Path.Combine(RepositoryPaths.Root, "tests");

    public static TestProgram Start(string script, params string[] arguments) => TestProgram.StartCommand(
        "node",
        [
            Path.Combine(_tests, "Fleet.IntegrationTests", "Grpc", "peers", script),
            Path.Combine(_tests, "Fleet.GrpcPeer", "Protos", "peer.proto"),
            .. arguments,
        ],
        new Dictionary<string, string?> { ["NODE_PATH"] = RepositoryPaths.NodeModules });

    /// <summary>What a client says about its scenarios, by their names.</summary>
    public static async Task<IReadOnlyDictionary<string, JsonElement>> ResultsOfAsync(TestProgram client)
    {
        await client.WaitForLineAsync("DONE", _longest);
        return client.Lines
            .Where(line => line.StartsWith('{'))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(result => result.GetProperty("name").GetString() ?? "");
    }
}
