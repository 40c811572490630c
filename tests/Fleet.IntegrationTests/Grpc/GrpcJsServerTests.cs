using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Our client against a server that we did not write.</summary>
public sealed class GrpcJsServerTests(GrpcJsServerFixture server) : IClassFixture<GrpcJsServerFixture>
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private readonly Peer.PeerClient _sut = new(server.Channel);

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    [Fact]
    public async Task Unary_Text_ComesBack()
    {
        using var call = _sut.SingleAsync(new Ask { Text = "grüß Gott" }, deadline: In(10));

        (await call).Text.ShouldBe("grüß Gott");
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        call.GetTrailers().ShouldNotBeNull();
    }

    [Fact]
    public void Unary_Blocking_ComesBack() => _sut.Single(new Ask { Text = "wait" }, deadline: In(10)).Text.ShouldBe("wait");

    [Fact]
    public async Task Unary_ThreeMegabytes_ComeBack()
    {
        var payload = new byte[3 * 1024 * 1024];
        Random.Shared.NextBytes(payload);

        var reply = await _sut.SingleAsync(new Ask { Payload = UnsafeByteOperations.UnsafeWrap(payload) }, deadline: In(10));

        reply.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }

    [Fact]
    public async Task Unary_ReplyBeyondReceiveLimit_ResourceExhausted()
    {
        var ask = new Ask { Payload = UnsafeByteOperations.UnsafeWrap(new byte[(4 * 1024 * 1024) + 1]) };

        (await FailureOf(_sut.SingleAsync(ask, deadline: In(10)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Unary_RequestBeyondSendLimit_ResourceExhausted()
    {
        using var channel = GrpcChannel.ForAddress(server.Address, new GrpcChannelOptions { MaxSendMessageSize = 100 });

        var failure = await FailureOf(new Peer.PeerClient(channel).SingleAsync(new Ask { Text = new string('x', 200) }).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Unary_Status_HasTextAndTrailers()
    {
        var ask = new Ask { Behaviour = "status", Status = (int)StatusCode.FailedPrecondition, Text = "nicht jetzt: 100 %\nñ 漢字" };
        using var call = _sut.SingleAsync(ask, deadline: In(10));

        var failure = await FailureOf(call.ResponseAsync);

        failure.Status.Detail.ShouldBe(ask.Text);
        failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        failure.Trailers.GetValue("x-trailer").ShouldBe("end");
        failure.Trailers.GetValueBytes("x-trailer-bin").ShouldBe([0, 255, 1]);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        call.GetTrailers().GetValue("x-trailer").ShouldBe("end");
    }

    [Fact]
    public async Task Unary_Metadata_ComesBackInHeadersAndTrailers()
    {
        Metadata headers = new() { { "x-echo", "one" }, { "X-Echo-Bin", [0, 255, 10, 13] } };
        using var call = _sut.SingleAsync(new Ask { Behaviour = "metadata" }, headers, In(10));

        var received = await call.ResponseHeadersAsync;
        await call;

        received.GetValue("x-echo").ShouldBe("one");
        received.GetValueBytes("x-echo-bin").ShouldBe([0, 255, 10, 13]);
        call.GetTrailers().GetValueBytes("x-echo-bin").ShouldBe([0, 255, 10, 13]);
    }

    [Fact]
    public async Task Unary_MethodWithoutImplementation_Unimplemented() =>
        (await FailureOf(_sut.MissingAsync(new Ask(), deadline: In(10)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unimplemented);

    [Fact]
    public async Task Unary_Deadline_DeadlineExceeded() =>
        (await FailureOf(_sut.SingleAsync(new Ask { Behaviour = "hang" }, deadline: In(0.2)).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

    [Fact]
    public async Task Expand_HundredReplies_ArriveInOrder()
    {
        using var call = _sut.Expand(new Ask { Count = 100 }, deadline: In(10));
        List<int> indexes = [];

        await foreach (var reply in call.ResponseStream.ReadAllAsync())
        {
            indexes.Add(reply.Index);
        }

        indexes.ShouldBe(Enumerable.Range(0, 100));
        call.GetTrailers().GetValue("x-trailer").ShouldBe("end");
    }

    [Fact]
    public async Task Expand_NoReply_EndsWithOk()
    {
        using var call = _sut.Expand(new Ask(), deadline: In(10));

        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

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
    public async Task Collect_FiftyMessages_AreCounted()
    {
        using var call = _sut.Collect(deadline: In(10));
        for (var i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Text = "x" });
        }

        await call.RequestStream.CompleteAsync();

        (await call).Index.ShouldBe(50);
    }

    [Fact]
    public async Task Chat_ThousandMessages_ComeBackInOrder()
    {
        using var call = _sut.Chat(deadline: In(10));
        var payload = ByteString.CopyFrom(new byte[320]);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await call.RequestStream.WriteAsync(new Ask { Count = i, Payload = payload });
            }

            await call.RequestStream.CompleteAsync();
        });

        var expected = 0;
        await foreach (var reply in call.ResponseStream.ReadAllAsync())
        {
            reply.Index.ShouldBe(expected++);
        }

        await writing;
        expected.ShouldBe(1000);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
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
        seen.ShouldBe(before + 1);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
        await Should.ThrowAsync<ObjectDisposedException>(call.RequestStream.WriteAsync(new Ask()));
    }

    [Fact]
    public async Task Chat_ServerEndsWhileClientWrites_StatusArrives()
    {
        using var call = _sut.Chat(deadline: In(10));
        await call.RequestStream.WriteAsync(new Ask { Behaviour = "status", Status = (int)StatusCode.Aborted, Text = "taken over" });

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).Status.Detail.ShouldBe("taken over");
        (await FailureOf(call.RequestStream.WriteAsync(new Ask()))).StatusCode.ShouldBe(StatusCode.Aborted);
    }

    [Fact]
    public async Task Chat_ServerKilled_Unavailable()
    {
        var (node, address) = await GrpcJsServerFixture.StartNodeAsync();
        using var channel = GrpcChannel.ForAddress(address);
        using var call = new Peer.PeerClient(channel).Chat(deadline: In(10));
        await call.RequestStream.WriteAsync(new Ask());
        await call.ResponseStream.MoveNext(CancellationToken.None);

        await node.DisposeAsync();

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await FailureOf(new Peer.PeerClient(channel).SingleAsync(new Ask(), deadline: In(10)).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    private static async Task<RpcException> FailureOf(Task task) => await Should.ThrowAsync<RpcException>(task.WaitAsync(_limit));
}
