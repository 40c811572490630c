using System.Net.Sockets;
using System.Text;
using Fleet.DeviceAgent.Service;
using Fleet.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.UnitTests.Agent.Service;

/// <summary>A socket as systemd opens it, and what it is told.</summary>
public sealed class ServiceWatchTests : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly WorkWatch _work;

    public ServiceWatchTests()
    {
        _work = new WorkWatch(_time);
        _socket.Bind(new UnixDomainSocketEndPoint(_folder.File("notify")));
    }

    [Fact]
    public async Task Agent_ThatIsAtWork_SaysSoThreeTimesWithinTheTimeout()
    {
        await using var watch = Start();
        Told().ShouldBe(["READY=1", "WATCHDOG=1"]);

        _work.Begin();
        _work.End();
        _time.Advance(_timeout);
        Told().ShouldBe(["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]);

        await _stopping.CancelAsync();
        Told().ShouldBe(["STOPPING=1"]);
        // What is left is sent first: that is work, too.
        _time.Advance(_timeout);
        Told().Count.ShouldBe(3);
    }

    [Fact]
    public async Task PieceOfSound_ThatIsWorkedOnForTooLong_IsNotSaidToBeWork()
    {
        await using var watch = Start();
        Told();

        _work.Begin();
        _time.Advance(_timeout / 2);
        Told().ShouldBe(["WATCHDOG=1"]);
        _time.Advance(_timeout * 2);
        Told().ShouldBeEmpty();

        // A slow disk that comes back before the manager's patience ends.
        _work.End();
        _time.Advance(_timeout);
        Told().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Listener_ThatFailed_IsNotSaidToWork()
    {
        await using var watch = Start();
        Told();

        _work.Fail();
        _time.Advance(_timeout);

        Told().ShouldBeEmpty();
    }

    [Fact]
    public async Task Manager_ThatIsGone_HoldsNothingUp()
    {
        await using var watch = Start();
        _socket.Dispose();

        _time.Advance(_timeout);

        _work.Busy.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(null, null, null, false, null)]
    [InlineData("", null, null, false, null)]
    [InlineData("relative", null, null, false, null)]
    [InlineData("/run/systemd/notify", null, null, true, null)]
    [InlineData("@abstract", "30000000", null, true, 30.0)]
    [InlineData("/run/systemd/notify", "0", null, true, null)]
    [InlineData("/run/systemd/notify", "soon", null, true, null)]
    [InlineData("/run/systemd/notify", "30000000", "1", true, null)]
    public void Environment_OfSystemd_IsRead(string? socket, string? microseconds, string? process, bool isThere, double? seconds)
    {
        using var manager = ServiceManager.FromEnvironment(name => name switch { "NOTIFY_SOCKET" => socket, "WATCHDOG_USEC" => microseconds, _ => process });

        (manager is not null).ShouldBe(isThere);
        (manager?.WatchdogTimeout?.TotalSeconds).ShouldBe(seconds);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _socket.Dispose();
        _folder.Dispose();
    }

    private ServiceWatch Start() => new(
        new ServiceManager(_folder.File("notify"), _timeout), _work, _time, NullLogger.Instance, _stopping.Token);

    private List<string> Told()
    {
        List<string> told = [];
        var buffer = new byte[256];
        while (_socket.Available > 0)
        {
            told.Add(Encoding.UTF8.GetString(buffer, 0, _socket.Receive(buffer)));
        }

        return told;
    }
}
