using System.Net;
using System.Net.Http.Headers;
using Fleet.GrpcPeer;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Our client and our server: time, cancellation, limits and the rules of their API.</summary>
public sealed class LoopbackTests : IAsyncLifetime
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private PeerHost _host = null!; // Set by InitializeAsync.
    private GrpcChannel _channel = null!;
    private Peer.PeerClient _client = null!;

    public async Task InitializeAsync()
    {
        _host = await PeerHost.StartAsync();
        _channel = _host.CreateChannel();
        _client = PeerHost.CreateClient(_channel);
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        _host.Observations.Released.TrySetResult();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Deadline_HandlerIgnoresIt_ClientIsAnsweredAndHandlerTokenWorks()
    {
        (await FailureOf(_client.SingleAsync(new Ask { Behaviour = "ignore-cancellation" }, deadline: In(0.2)).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        (await FailureOf(_client.SingleAsync(new Ask { Behaviour = "hang" }, deadline: In(0.2)).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await _host.Observations.FirstCancelled.WaitAsync(_limit);
    }

    [Fact]
    public async Task Deadline_ServerAlone_AnswersInTime()
    {
        // A peer without a clock of its own.
        using var http = new HttpClient(new SocketsHttpHandler()) { Timeout = _limit };
        using var request = RawRequest("/fleet.tests.Peer/Single", new Ask { Behaviour = "ignore-cancellation" });
        request.Headers.TryAddWithoutValidation("grpc-timeout", "150m");

        using var response = await http.SendAsync(request);

        response.Headers.GetValues("grpc-status").Single().ShouldBe("4");
    }

    [Fact]
    public async Task Deadline_Past_FailsWithoutARequest() =>
        (await FailureOf(_client.SingleAsync(new Ask(), deadline: In(-1)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

    [Fact]
    public async Task Deadline_OneMinute_ServerKnowsIt()
    {
        var deadline = In(60);

        var reply = await _client.SingleAsync(new Ask { Behaviour = "deadline" }, deadline: deadline);

        var seen = DateTime.Parse(reply.Text, null, System.Globalization.DateTimeStyles.RoundtripKind);
        (seen - deadline).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Cancel_ByToken_BothSidesSeeIt()
    {
        using CancellationTokenSource source = new();
        var call = _client.SingleAsync(new Ask { Behaviour = "hang" }, cancellationToken: source.Token);
        using var stream = _client.Expand(new Ask { Behaviour = "hang" });
        await stream.ResponseHeadersAsync.WaitAsync(_limit);

        await source.CancelAsync();

        (await FailureOf(call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Cancelled);
        stream.Dispose();
        await _host.Observations.FirstCancelled.WaitAsync(_limit);
    }

    [Fact]
    public async Task Cancel_DisposedChat_ServerSeesItAsAFailureNotAsAnEnd()
    {
        var call = _client.Chat();
        await call.RequestStream.WriteAsync(new Ask());
        await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit);

        call.Dispose();

        await _host.Observations.FirstCancelled.WaitAsync(_limit);
    }

    [Fact]
    public async Task Cancel_ThrowOperationCanceled_ThrowsWithTheToken()
    {
        using var channel = _host.CreateChannel(options => options.ThrowOperationCanceledOnCancellation = true);
        using CancellationTokenSource source = new();
        using var call = PeerHost.CreateClient(channel).Expand(new Ask { Behaviour = "hang" }, cancellationToken: source.Token);
        await call.ResponseHeadersAsync.WaitAsync(_limit);

        await source.CancelAsync();

        var thrown = await Should.ThrowAsync<OperationCanceledException>(call.ResponseStream.MoveNext(CancellationToken.None));
        thrown.CancellationToken.ShouldBe(source.Token);
    }

    [Fact]
    public async Task Chat_Limits_AreLifted()
    {
        using var call = _client.Chat();
        await call.RequestStream.WriteAsync(new Ask());
        await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit);

        _host.Observations.DataRateLifted.ShouldBeTrue();
        _host.Observations.ChatSizeLifted.ShouldBeTrue();
    }

    [Fact]
    public async Task Chat_SecondWriteOrReadMeanwhile_InvalidOperation()
    {
        using var call = _client.Chat();
        var reading = call.ResponseStream.MoveNext(CancellationToken.None);
        await Should.ThrowAsync<InvalidOperationException>(call.ResponseStream.MoveNext(CancellationToken.None));

        await call.RequestStream.WriteAsync(new Ask());
        (await reading.WaitAsync(_limit)).ShouldBeTrue();
        await call.RequestStream.CompleteAsync();

        await Should.ThrowAsync<InvalidOperationException>(call.RequestStream.WriteAsync(new Ask()));
        (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit)).ShouldBeFalse();
        (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit)).ShouldBeFalse();
    }

    [Fact]
    public void Status_BeforeTheEnd_InvalidOperation()
    {
        using var call = _client.Chat();

        Should.Throw<InvalidOperationException>(() => call.GetStatus());
        Should.Throw<InvalidOperationException>(() => call.GetTrailers());
    }

    [Fact]
    public async Task Expand_ReaderThatNeverReads_WriterStops()
    {
        using var call = _client.Expand(new Ask { Behaviour = "endless", Payload = UnsafeByteOperations.UnsafeWrap(new byte[64 * 1024]) });
        await call.ResponseHeadersAsync.WaitAsync(_limit);

        // Until the writer stands still: the windows and Kestrel's buffer are full.
        var written = -1;
        for (var still = 0; still < 5;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
            still = _host.Observations.Written == written ? still + 1 : 0;
            written = _host.Observations.Written;
            written.ShouldBeLessThan(400, "25 MB are out and nobody has read any of it");
        }

        for (var i = 0; i < written + 10; i++)
        {
            (await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit)).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Chat_ServerThatNeverReads_WriterStops()
    {
        using var blocked = _client.Chat(deadline: In(2));
        var payload = UnsafeByteOperations.UnsafeWrap(new byte[64 * 1024]);
        var written = 0;

        // Nobody reads the replies, so the echo stops, so does the server's reading, so do we.
        var failure = await Should.ThrowAsync<RpcException>(async () =>
        {
            while (written < 2000)
            {
                await blocked.RequestStream.WriteAsync(new Ask { Payload = payload });
                written++;
            }
        });

        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        written.ShouldBeLessThan(1000);
    }

    [Fact]
    public async Task Chat_ServerStops_Unavailable()
    {
        using var call = _client.Chat();
        await call.RequestStream.WriteAsync(new Ask());
        await call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(_limit);

        await _host.KillAsync();

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await FailureOf(_client.SingleAsync(new Ask()).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Fact]
    public async Task Credentials_ByDelegatingHandler_OpenTheService()
    {
        using var channel = _host.CreateChannel(options =>
        {
            options.HttpHandler = new KeyHandler { InnerHandler = new SocketsHttpHandler() };
            options.DisposeHttpClient = true;
        });

        (await new Peer.PeerClient(channel).SingleAsync(new Ask { Text = "opened" })).Text.ShouldBe("opened");
    }

    [Fact]
    public async Task Credentials_OfCall_AreSentOnlyWhereThatIsAllowed()
    {
        var credentials = CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", $"Bearer {PeerHost.Key}");
            return Task.CompletedTask;
        });
        var options = new CallOptions(deadline: In(10), credentials: credentials);
        using var plaintext = _host.CreateChannel();
        using var allowed = _host.CreateChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true);

        (await FailureOf(new Peer.PeerClient(plaintext).SingleAsync(new Ask(), options).ResponseAsync)).StatusCode.ShouldBe(StatusCode.Unauthenticated);
        (await new Peer.PeerClient(allowed).SingleAsync(new Ask { Text = "opened" }, options)).Text.ShouldBe("opened");
    }

    [Fact]
    public async Task Unary_UnhandledExceptionWithDetailedErrors_HasItsText()
    {
        await using var host = await PeerHost.StartAsync(options => options.EnableDetailedErrors = true);
        using var channel = host.CreateChannel();

        (await FailureOf(PeerHost.CreateClient(channel).SingleAsync(new Ask { Behaviour = "throw", Text = "the reason" }).ResponseAsync))
            .Status.Detail.ShouldContain("the reason");
    }

    [Fact]
    public async Task Unary_ServerLimits_ResourceExhausted()
    {
        await using var host = await PeerHost.StartAsync(options =>
        {
            options.MaxReceiveMessageSize = 1000;
            options.MaxSendMessageSize = 500;
        });
        using var channel = host.CreateChannel();
        var client = PeerHost.CreateClient(channel);

        foreach (var length in new[] { 700, 1500 })
        {
            (await FailureOf(client.SingleAsync(new Ask { Text = new string('x', length) }).ResponseAsync))
                .StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        }

        (await client.SingleAsync(new Ask { Text = new string('x', 400) })).Text.Length.ShouldBe(400);
    }

    [Theory]
    [InlineData("/fleet.tests.Peer/Single", "application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("/fleet.tests.Nobody/Single", "application/json", HttpStatusCode.NotFound)]
    public async Task Request_OtherContentType_IsRefused(string path, string contentType, HttpStatusCode expected)
    {
        using var http = new HttpClient();
        using var request = RawRequest(path, new Ask());
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(contentType);

        using var response = await http.SendAsync(request);

        response.StatusCode.ShouldBe(expected);
    }

    [Theory]
    [InlineData("0000000005ffffffffff", "13", "2")] // Not protobuf; grpc-dotnet says UNKNOWN.
    [InlineData("000000000a0a", "13")] // Shorter than it says.
    [InlineData("0200000000", "13", "2")] // No such flag; likewise.
    [InlineData("0100000000", "13")] // Compressed, and no encoding named.
    [InlineData("00000000000000000000", "13")] // Two messages.
    [InlineData("", "13")] // None.
    [InlineData("00ffffffff", "8", "2")] // 4 GB announced; likewise.
    public async Task Request_BrokenFrame_RightStatus(string hex, params string[] expected)
    {
        using var http = new HttpClient();
        using var request = RawRequest("/fleet.tests.Peer/Single", new Ask());
        request.Content = new ByteArrayContent(Convert.FromHexString(hex));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using var response = await http.SendAsync(request);

        response.Headers.GetValues("grpc-status").Single().ShouldBeOneOf(expected);
    }

    private static DateTime In(double seconds) => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(seconds);

    private static async Task<RpcException> FailureOf(Task task) => await Should.ThrowAsync<RpcException>(task.WaitAsync(_limit));

    private HttpRequestMessage RawRequest(string path, Ask ask)
    {
        byte[] frame = [0, 0, 0, 0, (byte)ask.CalculateSize(), .. ask.ToByteArray()];
        HttpRequestMessage request = new(HttpMethod.Post, new Uri(_host.Address, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("authorization", $"Bearer {PeerHost.Key}");
        return request;
    }

    private sealed class KeyHandler : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.TryAddWithoutValidation("authorization", $"Bearer {PeerHost.Key}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
