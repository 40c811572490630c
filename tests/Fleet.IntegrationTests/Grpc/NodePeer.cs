using Fleet.Testing;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Starts the peers that are written in JavaScript with @grpc/grpc-js.</summary>
internal static class NodePeer
{
    private static readonly string _folder = Path.Combine(RepositoryPaths.Root, "tests", "Fleet.IntegrationTests", "Grpc");

    public static TestProgram Start(string script, params string[] arguments) => TestProgram.StartCommand(
        "node",
        [Path.Combine(_folder, "peers", script), Path.Combine(_folder, "Protos", "peer.proto"), .. arguments],
        new Dictionary<string, string?> { ["NODE_PATH"] = RepositoryPaths.NodeModules });
}
