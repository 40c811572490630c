using System.Globalization;
using System.Net;
using Fleet.Chaos.Network;
using Fleet.Cli.Local.Processes;

namespace Fleet.Chaos.Parts;

/// <summary>One silo with its ports, which it keeps, and the link on which its devices come.</summary>
internal sealed class SiloPart : IAsyncDisposable
{
    private readonly bool _isOfACluster;
    private readonly int _siloListenPort = FreePort.Any();
    private readonly int _gatewayPort = FreePort.Any();

    /// <param name="index">Counted from 0.</param>
    /// <param name="count">1 = an embedded silo, more = a cluster.</param>
    /// <param name="command">Makes its command, at each start.</param>
    /// <param name="logFile">Of all its processes.</param>
    /// <param name="guardian">Ends it with us.</param>
    /// <param name="time">The machine's clock.</param>
    public SiloPart(int index, int count, Func<SiloPart, ChildProcessOptions> command, string logFile, Guardian guardian, TimeProvider time)
    {
        Name = NameOf(index, count);
        _isOfACluster = count > 1;
        SiloLink = new TcpLink(new IPEndPoint(IPAddress.Loopback, _siloListenPort), time);
        DeviceLink = new TcpLink(new IPEndPoint(IPAddress.Loopback, GrpcPort), time);
        Program = new KeptProgram(Name, () => command(this), logFile, guardian, time);
    }

    public string Name { get; }

    public int GrpcPort { get; } = FreePort.Any();

    public int HealthPort { get; } = FreePort.Any();

    public TcpLink DeviceLink { get; }

    /// <summary>On which the other silos come.</summary>
    public TcpLink SiloLink { get; }

    public KeptProgram Program { get; }

    /// <summary>Its next start is of this build, whatever it began with.</summary>
    public bool IsUpgraded { get; set; }

    /// <summary>The next start gets this FLEET_FAULT_POINT.</summary>
    public string? FaultPoint { get; set; }

    /// <summary>What differs from silo to silo.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["Fleet__Runtime"] = _isOfACluster ? "orleans" : "embedded",
        ["Fleet__Silo__Name"] = Name,
        ["Fleet__Grpc__Listen"] = Loopback(GrpcPort),
        ["Fleet__Http__Listen"] = Loopback(HealthPort),
        ["Fleet__Orleans__SiloPort"] = SiloLink.Port.ToString(CultureInfo.InvariantCulture),
        ["Fleet__Orleans__SiloListenPort"] = _siloListenPort.ToString(CultureInfo.InvariantCulture),
        ["Fleet__Orleans__GatewayPort"] = _gatewayPort.ToString(CultureInfo.InvariantCulture),
        ["FLEET_FAULT_POINT"] = FaultPoint,
    };

    public static string NameOf(int index, int count) => count == 1 ? "silo" : string.Create(CultureInfo.InvariantCulture, $"silo{index + 1}");

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        await DeviceLink.DisposeAsync();
        await SiloLink.DisposeAsync();
    }

    private static string Loopback(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
}
