using System.Globalization;
using Fleet.GrpcPeer;
using Fleet.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Peers that do not read: the memory of a server process, which is all that a stranger can reach, stays as it is.</summary>
public sealed class BackPressureTests : IAsyncLifetime
{
    private const int Streams = 16;
    private const long AllowedGrowthBytes = 96L * 1024 * 1024;
    private static readonly ByteString _piece = UnsafeByteOperations.UnsafeWrap(new byte[64 * 1024]);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(150);

    private readonly List<GrpcChannel> _channels = [];
    private TestProgram? _server;
    private string _address = "";

    private int ProcessId => _server?.Process.ProcessId ?? 0;

    public async Task InitializeAsync()
    {
        _server = TestProgram.Start("Fleet.GrpcPeer", ["serve"]);
        _address = $"http://127.0.0.1:{(await _server.WaitForLineAsync("PORT")).Split(' ')[1]}";
    }

    public async Task DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Expand_ManyThatNeverRead_ServerMemoryStays()
    {
        // Each would push for ever if it could: 16 streams of 64 KiB messages.
        var client = NewClient();
        await OpenAsync(1);
        var before = await SettledWrittenAsync(client);
        var memory = ResidentBytes();

        var calls = await OpenAsync(Streams);
        var written = await SettledWrittenAsync(client) - before;

        (ResidentBytes() - memory).ShouldBeLessThan(AllowedGrowthBytes, $"{written} messages are out");
        written.ShouldBeLessThan(Streams * 400);
        (await client.SingleAsync(new Ask { Text = "others" }, deadline: In(10))).Text.ShouldBe("others");

        // Who begins to read gets everything, from where it stood.
        for (var i = 0; i < 600; i++)
        {
            (await calls[0].ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
            calls[0].ResponseStream.Current.Index.ShouldBe(i);
        }

        calls.ForEach(call => call.Dispose());
    }

    [Fact]
    public async Task Collect_ServerThatNeverReads_WritersStopAndServerMemoryStays()
    {
        var client = await ConnectedAsync();
        await PushAsync(client, seconds: 1);
        var memory = ResidentBytes();

        var clients = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => ConnectedAsync()));
        var pushed = await Task.WhenAll(clients.Select(each => PushAsync(each, seconds: 3)));

        (ResidentBytes() - memory).ShouldBeLessThan(AllowedGrowthBytes);

        // A window of Kestrel's and the buffers of the sockets, not what 3 seconds could push.
        pushed.Max().ShouldBeLessThan(200);
        (await client.SingleAsync(new Ask { Text = "others" }, deadline: In(10))).Text.ShouldBe("others");
    }

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    private static async Task<int> SettledWrittenAsync(Peer.PeerClient client)
    {
        var last = -1;
        for (var still = 0; still < 4;)
        {
            await Task.Delay(_look, TimeProvider.System, CancellationToken.None);
            var written = (await client.SingleAsync(new Ask { Behaviour = "written" }, deadline: In(10))).Index;
            still = written == last ? still + 1 : 0;
            last = written;
        }

        return last;
    }

    /// <summary>How many messages could be written after the one that the server reads.</summary>
    private static async Task<int> PushAsync(Peer.PeerClient client, double seconds)
    {
        using var call = client.Collect(deadline: In(seconds));
        var count = 0;
        // The original library's write may fail by its transport, a moment before the call has its status.
        await Should.ThrowAsync<Exception>(async () =>
        {
            await call.RequestStream.WriteAsync(new Ask { Behaviour = "stand-still" });
            while (true)
            {
                await call.RequestStream.WriteAsync(new Ask { Payload = _piece });
                count++;
            }
        });
        (await Should.ThrowAsync<RpcException>(async () => await call)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        return count;
    }

    /// <summary>A client whose time to connect counts to no call's deadline.</summary>
    private async Task<Peer.PeerClient> ConnectedAsync()
    {
        var client = NewClient();
        await client.SingleAsync(new Ask { Text = "connect" }, deadline: In(60));
        return client;
    }

    private async Task<List<AsyncServerStreamingCall<Reply>>> OpenAsync(int count)
    {
        List<AsyncServerStreamingCall<Reply>> calls = [];
        for (var i = 0; i < count; i++)
        {
            var call = NewClient().Expand(new Ask { Behaviour = "endless", Payload = _piece });
            await call.ResponseHeadersAsync;
            calls.Add(call);
        }

        return calls;
    }

    private Peer.PeerClient NewClient()
    {
        var channel = GrpcChannel.ForAddress(_address);
        _channels.Add(channel);
        return PeerHost.CreateClient(channel);
    }

    private long ResidentBytes()
    {
        var line = File.ReadLines($"/proc/{ProcessId}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
