using System.Reflection;

namespace Fleet.Benchmarks.GrpcCalls;

/// <summary>An implementation of gRPC that takes part, and how its processes are started.</summary>
internal sealed record PeerKind(
    string Name,
    string FileName,
    IReadOnlyList<string> ServerArguments,
    IReadOnlyList<string> ClientArguments,
    IReadOnlyDictionary<string, string> Environment)
{
    public const string CompatName = "compat";
    public const string PackagesName = "grpc-dotnet";

    /// <summary>The library that this program was built with.</summary>
    public static string OwnName => bool.Parse(Stamped("FleetGrpcPackages")) ? PackagesName : CompatName;

    /// <summary>The baseline.</summary>
    public static PeerKind GrpcJs()
    {
        var peers = Path.Combine(AppContext.BaseDirectory, "Grpc", "peers");
        return new PeerKind(
            "grpc-js",
            "node",
            [Path.Combine(peers, "bench-server.cjs")],
            [Path.Combine(peers, "bench-client.cjs")],
            new Dictionary<string, string> { ["NODE_PATH"] = Stamped("FleetNodeModules") });
    }

    /// <summary>This program.</summary>
    public static PeerKind Own() => DotNet(OwnName, typeof(PeerKind).Assembly.Location);

    /// <summary>What loopback allows.</summary>
    public static PeerKind Tcp() =>
        new(TcpPeer.Name, "dotnet", [typeof(PeerKind).Assembly.Location, "tcp-server"], [typeof(PeerKind).Assembly.Location, "tcp-client"], new Dictionary<string, string>());

    /// <summary>The same program with the other library, when that flavour has been built too.</summary>
    public static PeerKind? OtherFlavour()
    {
        var (name, flavour) = OwnName == CompatName ? (PackagesName, "full") : (CompatName, "portable");

        // <artifacts>/<flavour>/bin/Fleet.Benchmarks/release/
        DirectoryInfo own = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        if (own.Parent?.Parent?.Parent?.Parent is not { } artifacts)
        {
            return null;
        }

        var program = Path.GetFileName(typeof(PeerKind).Assembly.Location);
        var other = Path.Combine(artifacts.FullName, flavour, "bin", own.Parent.Name, own.Name, program);
        return File.Exists(other) ? DotNet(name, other) : null;
    }

    private static PeerKind DotNet(string name, string assembly) =>
        new(name, "dotnet", [assembly, "grpc-server"], [assembly, "grpc-client"], new Dictionary<string, string>());

    private static string Stamped(string key) =>
        typeof(PeerKind).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value
        ?? throw new InvalidOperationException($"The build did not stamp {key}.");
}
