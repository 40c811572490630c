using Fleet.GrpcPeer;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>
/// Our client against servers that break the protocol: the status it shows, always in time. A second value is grpc-dotnet's where that says
/// something else (compat/Grpc/README.md, known differences).
/// </summary>
public sealed class RawServerTests(RawServerFixture server) : IClassFixture<RawServerFixture>, IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(server.Address);

    public void Dispose() => _channel.Dispose();

    [Theory]
    [InlineData("fine")]
    [InlineData("early_hints")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("gzip_named_not_used")]
    public async Task Unary_UnusualButRight_IsRead(string scenario) =>
        (await Call(scenario)).Text.ShouldBe("hello");

    [Theory]
    [InlineData("trailers_missing", StatusCode.Cancelled)]
    [InlineData("status_missing", StatusCode.Cancelled)]
    [InlineData("status_not_a_number", StatusCode.Cancelled)]
    [InlineData("status_unknown_number", (StatusCode)99)]
    [InlineData("status_in_headers_ok", StatusCode.Internal)]
    [InlineData("status_in_headers", StatusCode.PermissionDenied)]
    [InlineData("status_in_headers_of_503", StatusCode.ResourceExhausted)]
    [InlineData("html_200", StatusCode.Cancelled)]
    [InlineData("no_content_type", StatusCode.Cancelled)]
    [InlineData("unary_nothing", StatusCode.Internal)]
    [InlineData("unary_nothing_but_status", StatusCode.NotFound)]
    [InlineData("unary_message_and_status", StatusCode.NotFound)]
    [InlineData("unary_twice", StatusCode.Internal)]
    [InlineData("unary_and_a_byte", StatusCode.Internal)]
    [InlineData("not_protobuf", StatusCode.Internal, StatusCode.Unavailable)]
    [InlineData("cut_prefix", StatusCode.Internal)]
    [InlineData("cut_message", StatusCode.Internal)]
    [InlineData("bad_flag", StatusCode.Internal)]
    [InlineData("oversize_announced", StatusCode.ResourceExhausted)]
    [InlineData("four_gigabytes_announced", StatusCode.ResourceExhausted, StatusCode.Internal)]
    [InlineData("gzip_not_named", StatusCode.Internal)]
    [InlineData("gzip_broken", StatusCode.Internal)]
    [InlineData("gzip_cut", StatusCode.Internal)]
    [InlineData("gzip_bomb", StatusCode.ResourceExhausted, StatusCode.Internal, StatusCode.Unavailable)]
    [InlineData("unknown_encoding", StatusCode.Unimplemented)]
    [InlineData("http_400", StatusCode.Internal)]
    [InlineData("http_401", StatusCode.Unauthenticated)]
    [InlineData("http_403", StatusCode.PermissionDenied)]
    [InlineData("http_404", StatusCode.Unimplemented)]
    [InlineData("http_429", StatusCode.Unavailable)]
    [InlineData("http_431", StatusCode.Internal)]
    [InlineData("http_500", StatusCode.Unknown)]
    [InlineData("http_502", StatusCode.Unavailable)]
    [InlineData("http_503", StatusCode.Unavailable)]
    [InlineData("http_504", StatusCode.Unavailable)]
    [InlineData("never", StatusCode.DeadlineExceeded)]
    public async Task Unary_BrokenReply_RightStatus(string scenario, params StatusCode[] expected)
    {
        using var call = Call(scenario, seconds: scenario == "never" ? 0.3 : 10);

        var failure = await FailureOf(call.ResponseAsync);

        failure.StatusCode.ShouldBeOneOf(expected, failure.Status.Detail);
        call.GetStatus().StatusCode.ShouldBe(failure.StatusCode);
    }

    [Fact]
    public async Task Expand_SocketDestroyedMidStream_UnavailableAndNextCallWorks()
    {
        using var call = Client.Expand(new Ask(), Scenario("socket_destroyed"), In(10));

        (await FailureAfterAnyMessagesAsync(call.ResponseStream)).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await Call("fine")).Text.ShouldBe("hello");
    }

    [Fact]
    public async Task Expand_GracefulGoAway_CallEndsAndNextOneHasANewConnection()
    {
        var before = (await Call("connections")).Text;
        using var call = Client.Expand(new Ask(), Scenario("goaway_graceful"), In(10));

        (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit)).ShouldBeTrue();
        (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit)).ShouldBeTrue();
        call.ResponseStream.Current.Text.ShouldBe("second");

        (await Call("connections")).Text.ShouldNotBe(before);
    }

    [Fact]
    public async Task Expand_TrailersOnlyOk_IsAnEmptyStream()
    {
        using var call = Client.Expand(new Ask(), Scenario("status_in_headers_ok"), In(10));

        (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit)).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Theory]
    [InlineData("message_malformed_escapes", "50%, %zz, %4")]
    [InlineData("message_utf8", "grüß\n%")]
    [InlineData("status_in_headers", "nein danke")]
    public async Task Unary_Message_IsDecoded(string scenario, string expected) =>
        (await FailureOf(Call(scenario).ResponseAsync)).Status.Detail.ShouldBe(expected);

    [Fact]
    public async Task Unary_BinaryTrailers_PaddedOrNot_AreRead()
    {
        using var call = Call("bin_trailers");
        await call;

        var trailers = call.GetTrailers();

        trailers.GetValueBytes("a-bin").ShouldBe([0, 255, 1]);
        trailers.GetValueBytes("b-bin").ShouldBe([0, 255]);
        trailers.GetValueBytes("c-bin").ShouldBe([0, 255]);
        trailers.GetValueBytes("d-bin").ShouldBe([]);
    }

    [Fact]
    public async Task Unary_BinaryTrailersOfOneKey_AreAllRead()
    {
        using var call = Call("bin_trailers_several");
        await call;

        call.GetTrailers().GetAll("a-bin").Select(entry => Convert.ToHexString(entry.ValueBytes)).ShouldBe(["00FF", "0102"]);
    }

    [Fact]
    public async Task Unary_BinaryTrailerBroken_IsSaid()
    {
        using var call = Call("bin_trailers_broken");

        // grpc-dotnet says it only to who asks for the trailers.
        var failure = await Record.ExceptionAsync(async () =>
        {
            await call.ResponseAsync.WaitAsync(_limit);
            call.GetTrailers();
        });

        (failure is FormatException or RpcException { StatusCode: StatusCode.Internal }).ShouldBeTrue($"{failure}");
    }

    private Peer.PeerClient Client => new(_channel);

    private static Metadata Scenario(string name) => new() { { "x-scenario", name } };

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    private static async Task<RpcException> FailureOf(Task task) => await Should.ThrowAsync<RpcException>(task.WaitAsync(_limit));

    private static Task<RpcException> FailureAfterAnyMessagesAsync(IAsyncStreamReader<Reply> replies) => FailureOf(Task.Run(async () =>
    {
        while (await replies.MoveNext(CancellationToken.None))
        {
        }
    }));

    private AsyncUnaryCall<Reply> Call(string scenario, double seconds = 10) => Client.SingleAsync(new Ask(), Scenario(scenario), In(seconds));
}
