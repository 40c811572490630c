using Fleet.GrpcPeer;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Our client against servers that break HTTP/2 itself. Which error it is, is up to the HTTP library; that it is one, in time, is not.</summary>
public sealed class RawFrameServerTests(RawServerFixture server) : IClassFixture<RawServerFixture>
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("unknown_frame_type")] // HttpClient does not suffer it, against the rules of HTTP/2.
    [InlineData("data_after_trailers")]
    [InlineData("trailers_twice")]
    public async Task Unary_RuleBrokenAfterTheEnd_ReplyOrFailure(string scenario)
    {
        using var channel = GrpcChannel.ForAddress(server.NetAddress(scenario));

        // What comes after the end may close the connection a moment before the reply is read: then the call has failed, and says so.
        try
        {
            (await Call(channel).ResponseAsync.WaitAsync(_limit)).Text.ShouldBe("hello");
        }
        catch (RpcException exception)
        {
            exception.StatusCode.ShouldBeOneOf(StatusCode.Internal, StatusCode.Unavailable);
        }
    }

    [Theory]
    [InlineData("trailers_without_end")]
    [InlineData("data_before_headers")]
    [InlineData("garbage")]
    [InlineData("bad_hpack")]
    [InlineData("frame_too_large")]
    [InlineData("data_on_stream_0")]
    [InlineData("window_overflow")]
    [InlineData("push_promise")]
    [InlineData("http1_answer")]
    [InlineData("closed_after_headers")]
    public async Task Unary_BrokenConnection_FailsInTime(string scenario)
    {
        using var channel = GrpcChannel.ForAddress(server.NetAddress(scenario));

        (await FailureOf(Call(channel).ResponseAsync)).StatusCode.ShouldBeOneOf(StatusCode.Internal, StatusCode.Unavailable);
    }

    [Theory]
    [InlineData("reset_at_once", StatusCode.Internal)]
    [InlineData("reset_no_error", StatusCode.Internal)]
    [InlineData("reset_internal", StatusCode.Internal)]
    [InlineData("reset_cancel", StatusCode.Cancelled)]
    [InlineData("reset_calm", StatusCode.ResourceExhausted)]
    [InlineData("reset_refused", StatusCode.Unavailable)]
    [InlineData("goaway_error", StatusCode.Unavailable, StatusCode.Internal)] // The second one is grpc-dotnet's.
    public async Task Expand_ResetMidStream_StatusOfItsCode(string scenario, params StatusCode[] expected)
    {
        using var channel = GrpcChannel.ForAddress(server.NetAddress(scenario));
        using var call = new Peer.PeerClient(channel).Expand(new Ask());

        // The message before the reset may be read, or be lost with it.
        var failure = await FailureOf(Task.Run(async () =>
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        }));

        failure.StatusCode.ShouldBeOneOf(expected, failure.Status.Detail);
    }

    [Fact]
    public async Task Expand_ServerSilentForever_KeepAlivePingEndsIt()
    {
        using var channel = GrpcChannel.ForAddress(server.NetAddress("silent"), new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler
            {
                KeepAlivePingDelay = TimeSpan.FromSeconds(1),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(1),
                KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            },
            DisposeHttpClient = true,
        });
        using var call = new Peer.PeerClient(channel).Expand(new Ask());

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBeOneOf(StatusCode.Unavailable, StatusCode.Internal);
    }

    private static AsyncUnaryCall<Reply> Call(GrpcChannel channel) =>
        new Peer.PeerClient(channel).SingleAsync(new Ask(), deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10));

    private static async Task<RpcException> FailureOf(Task task) => await Should.ThrowAsync<RpcException>(task.WaitAsync(_limit));
}
