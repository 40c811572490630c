using Fleet.GrpcPeer.Conformance;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>The client of this flavour against the server of this flavour.</summary>
public sealed class ConformanceTests(PeerHostFixture server) : IClassFixture<PeerHostFixture>
{
    public static TheoryData<string> Names => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task OwnClientAndServer_Agree(string scenario)
    {
        using var channel = server.Host.CreateChannel();

        await Scenarios.All.Single(candidate => candidate.Name == scenario).RunAsync(channel);
    }
}
