using Fleet.Health.V1;
using Fleet.Silo.Health;
using Fleet.Silo.Membership;
using Fleet.Testing.Time;
using Grpc.Core;
using Microsoft.Extensions.Options;
using static Fleet.Health.V1.HealthCheckResponse.Types;

namespace Fleet.UnitTests.Silo.Health;

public sealed class HealthServiceTests : IDisposable
{
    private readonly SiloStatus _status = new(Options.Create(new SiloOptions()));
    private readonly StubActors _actors = new();

    public void Dispose() => _status.Dispose();

    [Fact]
    public async Task Check_MemberWhoseActorsAreOutOfTheirCluster_IsNotServing()
    {
        var service = new HealthService(_status, _actors, new FakeTimeProvider());
        _status.SetMember(1);
        (await CheckAsync(service)).ShouldBe(ServingStatus.Serving);

        _actors.NotReadyBecause = "In its cluster this silo is Dead.";

        (await CheckAsync(service)).ShouldBe(ServingStatus.NotServing);
    }

    [Fact]
    public async Task Check_ServiceThatIsNot_IsNotFound()
    {
        var service = new HealthService(_status, _actors, new FakeTimeProvider());

        var failure = await Should.ThrowAsync<RpcException>(() => service.Check(new HealthCheckRequest { Service = "fleet.v1.Nothing" }, null!)); // It does not look at the call.

        failure.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private static async Task<ServingStatus> CheckAsync(HealthService service) =>
        (await service.Check(new HealthCheckRequest(), null!)).Status; // It does not look at the call.

    private sealed class StubActors : IActorHost
    {
        public bool IsAlone => false;

        public string? NotReadyBecause { get; set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
