using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fleet.Cli.Local.Doctor;
using Fleet.Cli.Local.State;

namespace Fleet.UnitTests.Cli.Local.Doctor;

public sealed class PortChecksTests
{
    [Fact]
    public void Check_SomebodyListens_NamesTheProcess()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var wanted = LocalPorts.Defaults with { Scoring = port };
        var id = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

        var finding = PortChecks.Check(wanted, ours: "no such program");

        finding.Severity.ShouldBe(FindingSeverity.Warning);
        finding.Detail.ShouldContain($"scoring {port} is taken by process {id} (");
        finding.Mend.ShouldContain("--dashboard-port");
        PortChecks.Check(wanted, ours: "dotnet").Detail.ShouldContain($"scoring {port} is taken by a part of a fleet, process {id}");
        listener.Stop();
        PortChecks.Check(wanted).Detail.ShouldNotContain($"scoring {port} is taken");
    }

    [Fact]
    public void Loopback_IsThere_Good() => PortChecks.Loopback().Severity.ShouldBe(FindingSeverity.Good);
}
