using Fleet.Health.V1;
using Fleet.Silo.Health;
using Fleet.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using static Fleet.Health.V1.HealthCheckResponse.Types;

namespace Fleet.IntegrationTests.Silo;

/// <summary>grpc.health.v1 of the silo.</summary>
public sealed class HealthTests : SiloTestBase
{
    [PostgresFact]
    public async Task GrpcJs_WithoutCredential_SeesEveryChange()
    {
        await using var silo = await StartSiloAsync();
        var tests = Path.Combine(RepositoryPaths.Root, "tests", "Fleet.IntegrationTests", "Grpc", "peers");
        await using var node = TestProgram.StartCommand(
            "node",
            [Path.Combine(tests, "health-client.cjs"), Path.Combine(RepositoryPaths.Protos, "grpc", "health", "v1", "health.proto"), new Uri(silo.GrpcAddress).Authority],
            new Dictionary<string, string?> { ["NODE_PATH"] = RepositoryPaths.NodeModules });

        await node.WaitForLineAsync("CHECK '' 1");
        await node.WaitForLineAsync("CHECK 'fleet.v1.DeviceIngest' 1");
        await node.WaitForLineAsync("CHECK 'nobody' 5");
        await node.WaitForLineAsync("WATCH '' 1");
        await node.WaitForLineAsync("WATCH 'nobody' 3");

        // The status that the membership sets when the database is away; it sets the other one back by itself.
        silo.Status.SetDatabaseAway("The database at db.secret.example is away.");
        await node.WaitForLineAsync("WATCH '' 2");
        silo.Status.SetDatabaseBack();
        await node.WaitForLineAsync(_ => node.Lines.Count(line => line == "WATCH '' 1") == 2);

        await silo.StopAsync();
        await node.WaitForLineAsync($"WATCH '' ended with {(int)StatusCode.Unavailable}");
        node.Lines.ShouldNotContain(line => line.Contains("secret", StringComparison.Ordinal));
    }

    [PostgresFact]
    public async Task Watch_MoreThanAllowed_ResourceExhaustedAndCheckStillAnswers()
    {
        await using var silo = await StartSiloAsync();
        using var channel = GrpcChannel.ForAddress(silo.GrpcAddress);
        var client = new Fleet.Health.V1.Health.HealthClient(channel);
        var watches = Enumerable.Range(0, HealthService.MaxWatchers).Select(_ => client.Watch(new HealthCheckRequest())).ToList();
        foreach (var watch in watches)
        {
            (await watch.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        }

        using var oneMore = client.Watch(new HealthCheckRequest());

        (await Should.ThrowAsync<RpcException>(oneMore.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await client.CheckAsync(new HealthCheckRequest())).Status.ShouldBe(ServingStatus.Serving);
        watches.ForEach(watch => watch.Dispose());
    }
}
