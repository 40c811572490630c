using System.Text.Json;
using Fleet.GrpcPeer.Conformance;

namespace Fleet.IntegrationTests.GrpcInterop.RealPackages;

/// <summary>compat/Grpc against grpc-dotnet on the wire, both ways.</summary>
public sealed class RealPackagesTests(RealPackagesFixture real) : IClassFixture<RealPackagesFixture>
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [RealPackagesTheory]
    [MemberData(nameof(Names))]
    public Task OwnClientRealServer_Agree(string scenario) =>
        Scenarios.All.Single(candidate => candidate.Name == scenario).RunAsync(real.Channel);

    [RealPackagesTheory]
    [MemberData(nameof(Names))]
    public void RealClientOwnServer_Agree(string scenario)
    {
        var failure = real.ClientResults[scenario].GetProperty("failure");

        failure.ValueKind.ShouldBe(JsonValueKind.Null, failure.ToString());
    }
}
