using Fleet.GrpcPeer;
using Fleet.GrpcPeer.Conformance;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Our client against a server that we did not write.</summary>
public sealed class GrpcJsServerTests(GrpcJsServerFixture server) : IClassFixture<GrpcJsServerFixture>
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private readonly Peer.PeerClient _sut = new(server.Channel);

    public static TheoryData<string> Names => [.. Scenarios.All.Where(scenario => !scenario.NeedsDotNetServer).Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task OwnClientGrpcJsServer_Agree(string scenario) =>
        Scenarios.All.Single(candidate => candidate.Name == scenario).RunAsync(server.Channel);

    [Fact]
    public void Unary_Blocking_ComesBack() => _sut.Single(new Ask { Text = "wait" }, deadline: In(10)).Text.ShouldBe("wait");

    [Fact]
    public async Task Unary_RequestBeyondSendLimit_ResourceExhausted()
    {
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxSendMessageSize = 100 });

        var failure = await FailureOf(new Peer.PeerClient(channel).SingleAsync(new Ask { Text = new string('x', 200) }).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Unary_MethodWithoutImplementation_Unimplemented() =>
        (await FailureOf(_sut.MissingAsync(new Ask(), deadline: In(10)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unimplemented);

    [Fact]
    public async Task Expand_StatusAfterReplies_RepliesArriveFirst()
    {
        using var call = _sut.Expand(new Ask { Behaviour = "status", Count = 3, Status = 5, Text = "verloren ✂" }, deadline: In(10));
        for (var i = 0; i < 3; i++)
        {
            (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        }

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).Status.Detail.ShouldBe("verloren ✂");
    }

    [Fact]
    public async Task Chat_BeforeFirstWrite_HeadersArrive()
    {
        using var call = _sut.Chat(deadline: In(10));

        (await call.ResponseHeadersAsync.WaitAsync(_limit)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Chat_Dispose_ServerSeesIt()
    {
        var before = (await _sut.SingleAsync(new Ask { Behaviour = "cancelled" }, deadline: In(10))).Index;
        var call = _sut.Chat(deadline: In(10));
        await call.RequestStream.WriteAsync(new Ask());
        await call.ResponseStream.MoveNext(CancellationToken.None);

        call.Dispose();

        var until = In(5);
        int seen;
        do
        {
            seen = (await _sut.SingleAsync(new Ask { Behaviour = "cancelled" }, deadline: In(10))).Index;
        }
        while (seen == before && In(0) < until);
        seen.ShouldBeGreaterThan(before);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
        await Should.ThrowAsync<ObjectDisposedException>(call.RequestStream.WriteAsync(new Ask()));
    }

    [Fact]
    public async Task Chat_WriteAfterTheEnd_SaysHowItEnded()
    {
        using var call = _sut.Chat(deadline: In(10));
        await call.RequestStream.WriteAsync(new Ask { Behaviour = "status", Status = (int)StatusCode.Aborted, Text = "taken over" });

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).Status.Detail.ShouldBe("taken over");
        (await FailureOf(call.RequestStream.WriteAsync(new Ask()))).StatusCode.ShouldBe(StatusCode.Aborted);
    }

    [Fact]
    public async Task Chat_ServerKilledMidStream_UnavailableAndNextCallReconnects()
    {
        var (node, address) = await GrpcJsServerFixture.StartNodeAsync();
        using var channel = GrpcChannel.ForAddress(address);
        var client = new Peer.PeerClient(channel);
        using var call = client.Chat(deadline: In(20));
        await call.RequestStream.WriteAsync(new Ask());
        await call.ResponseStream.MoveNext(CancellationToken.None);

        await node.DisposeAsync();

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await FailureOf(client.SingleAsync(new Ask(), deadline: In(10)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);

        await using var next = (await GrpcJsServerFixture.StartNodeAsync(address.Port)).Node;
        var until = In(15);
        while (true)
        {
            try
            {
                (await client.SingleAsync(new Ask { Text = "again" }, deadline: In(10))).Text.ShouldBe("again");
                return;
            }
            catch (RpcException exception) when (exception.StatusCode == StatusCode.Unavailable && In(0) < until)
            {
                // grpc-dotnet waits a second and more before it connects again, and fails calls until then.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    private static async Task<RpcException> FailureOf(Task task) => await Should.ThrowAsync<RpcException>(task.WaitAsync(_limit));
}
