using Fleet.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Local.State;

public sealed class LocalPortsTests
{
    [Fact]
    public void Choose_EverythingFree_TakesTheDefaults() =>
        LocalPorts.Choose(new RequestedPorts(), last: null, _ => true).ShouldBe(LocalPorts.Defaults);

    [Fact]
    public void Choose_DefaultBusy_TakesTheNextThatIsFreeAndNotOurs()
    {
        // 5100 is busy, and 5101 is what the health port would like: gRPC comes first and takes it, health moves on.
        var ports = LocalPorts.Choose(new RequestedPorts(), last: null, port => port != 5100);

        ports.Grpc.ShouldBe(5101);
        ports.Health.ShouldBe(5102);
    }

    [Fact]
    public void Choose_PortsOfTheLastRun_AreKeptWhenFree()
    {
        var last = new LocalPorts(6001, 6002, 6003, 6004, 6005);

        LocalPorts.Choose(new RequestedPorts(), last, _ => true).ShouldBe(last);
        LocalPorts.Choose(new RequestedPorts(), last, port => port != 6001).ShouldBe(last with { Dashboard = LocalPorts.DefaultDashboard });
    }

    [Fact]
    public void Choose_RequestedPort_IsTakenEvenWhereItIsAnothersDefault()
    {
        var ports = LocalPorts.Choose(new RequestedPorts(Postgres: LocalPorts.DefaultDashboard), last: null, _ => true);

        ports.Postgres.ShouldBe(LocalPorts.DefaultDashboard);
        ports.Dashboard.ShouldBe(LocalPorts.DefaultDashboard + 1);
    }

    [Fact]
    public void Choose_RequestedPortBusy_SaysSo() =>
        Should.Throw<PortTakenException>(() => LocalPorts.Choose(new RequestedPorts(Dashboard: 6001), last: null, port => port != 6001))
            .Message.ShouldContain("6001");

    [Fact]
    public void Choose_SamePortTwice_SaysSo() =>
        Should.Throw<PortTakenException>(() => LocalPorts.Choose(new RequestedPorts(Dashboard: 6001, Grpc: 6001), last: null, _ => true));

    [Fact]
    public void Choose_EverythingNearBusy_StillEndsWithFivePorts()
    {
        var ports = LocalPorts.Choose(new RequestedPorts(), last: null, _ => false);

        new[] { ports.Dashboard, ports.Grpc, ports.Health, ports.Scoring, ports.Postgres }.ShouldAllBe(port => port > 1023);
    }
}
