using Fleet.Testing;

namespace Fleet.IntegrationTests.GrpcInterop.RealPackages;

/// <summary>A theory that needs the peer program of the full flavour, which ./fleet test builds first where the package feed has it.</summary>
public sealed class RealPackagesTheoryAttribute : TheoryAttribute
{
    public RealPackagesTheoryAttribute()
    {
        var program = RepositoryPaths.ProgramOf("full", "Fleet.GrpcPeer");
        if (!File.Exists(program))
        {
            Skip = "the real gRPC packages are not here to be tried against: build the full flavour first (./fleet test --full), if the package feed has it";
        }
    }
}
