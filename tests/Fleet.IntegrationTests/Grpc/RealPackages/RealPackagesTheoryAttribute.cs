using Fleet.Testing;

namespace Fleet.IntegrationTests.GrpcInterop.RealPackages;

/// <summary>A theory that needs the peer program of the full flavour, which ./fleet test builds first where the package feed has it.</summary>
public sealed class RealPackagesTheoryAttribute : TheoryAttribute
{
    // Looked for once a process: discovery makes an attribute object for each test.
    private static readonly Lazy<string?> _skipReason = new(FindSkipReason);

    public RealPackagesTheoryAttribute()
    {
        Skip = SkipReason;
    }

    public static string? SkipReason => _skipReason.Value;

    private static string? FindSkipReason()
    {
        var program = RepositoryPaths.ProgramOf("full", "Fleet.GrpcPeer");
        if (!File.Exists(program))
        {
            return "the real gRPC packages are not here to be tried against: build the full flavour first (./fleet test --full), if the package feed has it";
        }

        // An old peer would fail tests that it knows nothing of.
        var newest = Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, "tests", "Fleet.GrpcPeer"), "*", SearchOption.AllDirectories)
            .Max(File.GetLastWriteTimeUtc);
        return File.GetLastWriteTimeUtc(program) >= newest
            ? null
            : "the peer with the real gRPC packages is older than its sources: build the full flavour again (./fleet test --full)";
    }
}
