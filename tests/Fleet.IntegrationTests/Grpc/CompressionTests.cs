using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Fleet.GrpcPeer;
using Grpc.Core;
using Grpc.Net.Compression;

namespace Fleet.IntegrationTests.GrpcInterop;

/// <summary>Compression by option, on both sides.</summary>
public sealed class CompressionTests
{
    private static readonly string _text = new('z', 50_000);

    [Theory]
    [InlineData("identity,gzip", "gzip", 1)]
    [InlineData("identity,deflate", null, 0)]
    [InlineData(null, null, 0)]
    public async Task ResponseCompressionAlgorithm_OnlyForWhoAcceptsIt(string? accepts, string? encoding, byte flag)
    {
        await using var host = await PeerHost.StartAsync(options => options.ResponseCompressionAlgorithm = "gzip");
        using var http = new HttpClient();
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(host.Address, "/fleet.tests.Peer/Single"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("authorization", $"Bearer {PeerHost.Key}");
        if (accepts is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-accept-encoding", accepts);
        }

        using var response = await http.SendAsync(request);

        (await response.Content.ReadAsByteArrayAsync())[0].ShouldBe(flag);
        (response.Headers.TryGetValues("grpc-encoding", out var values) ? values.Single() : null).ShouldBe(encoding);
    }

    [Fact]
    public async Task ResponseCompressionAlgorithm_Ours_IsRead()
    {
        await using var host = await PeerHost.StartAsync(options =>
        {
            options.ResponseCompressionAlgorithm = "deflate";
            options.ResponseCompressionLevel = CompressionLevel.SmallestSize;
        });
        using var channel = host.CreateChannel();

        (await PeerHost.CreateClient(channel).SingleAsync(new Ask { Text = _text })).Text.ShouldBe(_text);
    }

    [Fact]
    public async Task ResponseCompressionAlgorithm_WithoutProvider_IsSaidAtTheStart()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => PeerHost.StartAsync(options => options.ResponseCompressionAlgorithm = "snappy"));

        failure.GetBaseException().Message.ShouldContain("snappy");
    }

    [Fact]
    public async Task CompressionProviders_OnlyGzip_OthersAreRefusedAndToldSo()
    {
        await using var host = await PeerHost.StartAsync(options => options.CompressionProviders = [new GzipCompressionProvider(CompressionLevel.Fastest)]);
        using var channel = host.CreateChannel();
        var client = PeerHost.CreateClient(channel);

        (await client.SingleAsync(new Ask { Text = _text }, Encoded("gzip"))).Text.ShouldBe(_text);
        var failure = await Should.ThrowAsync<RpcException>(client.SingleAsync(new Ask { Text = _text }, Encoded("deflate")).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.Unimplemented);
        failure.Status.Detail.ShouldContain("gzip");
    }

    [Fact]
    public async Task EncodingRequest_UnknownToTheClient_FailsWithItsName()
    {
        await using var host = await PeerHost.StartAsync();
        using var channel = host.CreateChannel();

        var failure = await Should.ThrowAsync<RpcException>(PeerHost.CreateClient(channel).SingleAsync(new Ask(), Encoded("snappy")).ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.Internal);
        failure.Status.Detail.ShouldContain("snappy");
    }

    [Fact]
    public async Task Provider_OfOnesOwn_BothWays()
    {
        await using var host = await PeerHost.StartAsync(options =>
        {
            options.CompressionProviders = [new BrotliProvider()];
            options.ResponseCompressionAlgorithm = "br";
        });
        using var channel = host.CreateChannel(options => options.CompressionProviders = [new BrotliProvider()]);

        (await PeerHost.CreateClient(channel).SingleAsync(new Ask { Text = _text }, Encoded("br"))).Text.ShouldBe(_text);
    }

    private static CallOptions Encoded(string name) => new(new Metadata { { "grpc-internal-encoding-request", name } });

    private sealed class BrotliProvider : ICompressionProvider
    {
        public string EncodingName => "br";

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
            new BrotliStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

        public Stream CreateDecompressionStream(Stream stream) => new BrotliStream(stream, CompressionMode.Decompress, leaveOpen: true);
    }
}
