using System.Net;
using System.Net.Sockets;
using Fleet.Cli.Local.Processes;
using Fleet.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Local.State;

public sealed class PortReservationsTests
{
    [Fact]
    public void Choose_WhileAnotherFleetStarts_SharesNoPortWithIt()
    {
        using var first = new PortReservations();
        using var second = new PortReservations();

        // Nobody listens yet: the parts of the first fleet are still being started.
        var ours = LocalPorts.Choose(new RequestedPorts(), last: null, first.TryTake);
        var theirs = LocalPorts.Choose(new RequestedPorts(), last: ours, second.TryTake);

        Numbers(ours).Intersect(Numbers(theirs)).ShouldBeEmpty();
    }

    [Fact]
    public void TryTake_AfterTheOtherHasEnded_IsFreeAgain()
    {
        var port = FreePort.Any();
        using (var first = new PortReservations())
        {
            first.TryTake(port).ShouldBeTrue();
        }

        using var second = new PortReservations();
        second.TryTake(port).ShouldBeTrue();
    }

    [Fact]
    public void TryTake_SomebodyListens_IsRefused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var sut = new PortReservations();

        sut.TryTake(((IPEndPoint)listener.LocalEndpoint).Port).ShouldBeFalse();
    }

    private static int[] Numbers(LocalPorts ports) => [ports.Dashboard, ports.Grpc, ports.Health, ports.Scoring, ports.Postgres];
}
