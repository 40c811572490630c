using System.Net;
using System.Net.Sockets;
using Fleet.DeviceAgent.Uplink.Addresses;
using Fleet.Testing.Time;

namespace Fleet.UnitTests.Agent.Uplink.Addresses;

/// <summary>Silos are loopback addresses of this machine, all of 127.0.0.0/8 being its own.</summary>
public sealed class SiloAddressesTests : IDisposable, IHostResolver
{
    private readonly FakeTimeProvider _time = new();
    private readonly Random _random = new(7);
    private readonly List<TcpListener> _silos = [];
    private List<IPAddress> _addresses = [];

    public void Dispose() => _silos.ForEach(silo => silo.Dispose());

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        host.ShouldBe("silo");
        return Task.FromResult<IReadOnlyList<IPAddress>>(_addresses);
    }

    [Fact]
    public async Task Dial_NameWithManySilos_EachGetsSome()
    {
        var port = StartSilos(4);
        var sut = CreateSut();
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 100; i++)
        {
            var address = await DialAsync(sut, port);
            counts[address] = counts.GetValueOrDefault(address) + 1;
        }

        counts.Count.ShouldBe(4);
        counts.Values.ShouldAllBe(count => count > 10);
    }

    [Fact]
    public async Task Dial_OneIsDown_TheNextIsTaken_AndItIsNotAskedAgainForAWhile()
    {
        var port = StartSilos(2);
        _silos[0].Stop();
        var sut = CreateSut();

        for (var i = 0; i < 20; i++)
        {
            (await DialAsync(sut, port)).ShouldBe($"127.0.0.2:{port}");
        }
    }

    [Fact]
    public async Task Dial_AllAreDown_SaysSo()
    {
        var port = StartSilos(2);
        _silos.ForEach(silo => silo.Stop());

        var fault = await Should.ThrowAsync<SocketException>(() => DialAsync(CreateSut(), port));

        fault.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task Left_AfterADrain_TheNextSessionIsElsewhere_UntilTheWhileIsOver()
    {
        var port = StartSilos(2);
        var sut = CreateSut();
        var server = sut.Choose();
        var first = await DialAsync(sut, port);

        sut.Left(server, IPEndPoint.Parse(first));
        var meanwhile = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            meanwhile.Add(await DialAsync(sut, port));
        }

        _time.Advance(SiloAddresses.LeftFor + TimeSpan.FromSeconds(1));
        var later = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            later.Add(await DialAsync(sut, port));
        }

        meanwhile.ShouldHaveSingleItem().ShouldNotBe(first);
        later.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Left_All_TheOneThatWasLeftFirstIsTriedFirst()
    {
        var port = StartSilos(3);
        var sut = CreateSut();
        foreach (var number in new[] { 2, 3, 1 })
        {
            sut.Left(sut.Choose(), new IPEndPoint(IPAddress.Parse($"127.0.0.{number}"), port));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        (await DialAsync(sut, port)).ShouldBe($"127.0.0.2:{port}");
    }

    [Fact]
    public async Task Dial_SiloThatJoined_IsFound()
    {
        var port = StartSilos(2);
        var sut = CreateSut();
        var all = _addresses;
        _addresses = [all[0]];
        await DialAsync(sut, port);

        _addresses = all;
        var seen = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            seen.Add(await DialAsync(sut, port));
        }

        seen.Count.ShouldBe(2);
    }

    [Fact]
    public void Choose_SeveralServers_OneThatWasLeftComesLast()
    {
        var sut = CreateSut("https://fleet.example.org:5100", "https://fleet.example.org:5101", "https://fleet.example.org:5102");

        Enumerable.Range(0, 60).Select(_ => sut.Choose()).Distinct().Count().ShouldBe(3);
        sut.Left(new Uri("https://fleet.example.org:5101"), address: null);
        Enumerable.Range(0, 60).Select(_ => sut.Choose().Port).Distinct().ShouldBe([5100, 5102], ignoreOrder: true);
    }

    [Fact]
    public async Task Dial_Cancelled_Ends()
    {
        var port = StartSilos(1);

        await Should.ThrowAsync<OperationCanceledException>(() => CreateSut().DialAsync(new DnsEndPoint("silo", port), new CancellationToken(canceled: true)));
    }

    private static async Task<string> DialAsync(SiloAddresses sut, int port)
    {
        var (stream, address) = await sut.DialAsync(new DnsEndPoint("silo", port), CancellationToken.None);
        await stream.DisposeAsync();
        return address.ToString();
    }

    private SiloAddresses CreateSut(params string[] servers) =>
        new([.. (servers.Length == 0 ? ["https://silo:5100"] : servers).Select(server => new Uri(server))], this, _time, _random.NextDouble);

    /// <summary>127.0.0.1, 127.0.0.2, … on one port, as silos in containers have it.</summary>
    private int StartSilos(int count)
    {
        var port = 0;
        for (var i = 1; i <= count; i++)
        {
            var silo = new TcpListener(IPAddress.Parse($"127.0.0.{i}"), port);
            silo.Start();
            port = ((IPEndPoint)silo.LocalEndpoint).Port;
            _silos.Add(silo);
            _addresses.Add(IPAddress.Parse($"127.0.0.{i}"));
        }

        return port;
    }
}
