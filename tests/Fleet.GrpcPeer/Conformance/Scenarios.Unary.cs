using Google.Protobuf;
using Grpc.Core;

namespace Fleet.GrpcPeer.Conformance;

internal static partial class Scenarios
{
    private const int Limit = 4 * 1024 * 1024;

    // Of their own for each call: credentials are added to them.
    private static CallOptions Gzip => new(new Metadata { { "grpc-internal-encoding-request", "gzip" } }, In(80));

    private static async Task UnaryEchoAsync(Peer.PeerClient client)
    {
        using var call = client.SingleAsync(new Ask { Text = "grüß Gott 🎤" }, deadline: In(80));

        (await call).Text.ShouldBe("grüß Gott 🎤");
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        call.GetTrailers().ShouldNotBeNull();
    }

    private static async Task UnaryFourMegabytesAsync(Peer.PeerClient client)
    {
        // Next to the limit: grpc-js writes also fields that are empty.
        var payload = new byte[Limit - 16];
        new Random(1).NextBytes(payload);

        (await client.SingleAsync(new Ask { Payload = UnsafeByteOperations.UnsafeWrap(payload) }, deadline: In(80))).Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }

    private static async Task UnaryReplyBeyondLimitAsync(Peer.PeerClient client)
    {
        var ask = new Ask { Behaviour = "double", Payload = UnsafeByteOperations.UnsafeWrap(new byte[(Limit / 2) + 1]) };

        (await FailureOf(client.SingleAsync(ask, deadline: In(80)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await client.SingleAsync(new Ask { Text = "next" }, deadline: In(80))).Text.ShouldBe("next");
    }

    private static async Task UnaryRequestBeyondLimitAsync(Peer.PeerClient client)
    {
        var ask = new Ask { Payload = UnsafeByteOperations.UnsafeWrap(new byte[Limit]) };

        (await FailureOf(client.SingleAsync(ask, deadline: In(80)).ResponseAsync)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        (await client.SingleAsync(new Ask { Text = "next" }, deadline: In(80))).Text.ShouldBe("next");
    }

    private static async Task UnaryEveryStatusAsync(Peer.PeerClient client)
    {
        foreach (var code in Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK))
        {
            var ask = new Ask { Behaviour = "status", Status = (int)code, Text = $"nicht jetzt: 100 % voll, %41\r\nñ 漢字 🎤 {code}" };
            using var call = client.SingleAsync(ask, deadline: In(80));

            var failure = await FailureOf(call.ResponseAsync);

            failure.StatusCode.ShouldBe(code);
            failure.Status.Detail.ShouldBe(ask.Text);
            failure.Trailers.GetValue("x-trailer").ShouldBe("end");
            failure.Trailers.GetValueBytes("x-trailer-bin").ShouldBe([0, 255, 1]);
            call.GetStatus().StatusCode.ShouldBe(code);
        }
    }

    private static async Task UnaryMetadataAsync(Peer.PeerClient client)
    {
        Metadata headers = new() { { "x-echo", "one" }, { "X-Echo-Bin", [0, 255, 10, 13] } };
        using var call = client.SingleAsync(new Ask { Behaviour = "metadata" }, headers, In(80));

        var received = await call.ResponseHeadersAsync;
        await call;

        foreach (var metadata in new[] { received, call.GetTrailers() })
        {
            metadata.GetValue("x-echo").ShouldBe("one");
            metadata.GetValueBytes("x-echo-bin").ShouldBe([0, 255, 10, 13]);
        }
    }

    private static async Task UnaryDeadlineAsync(Peer.PeerClient client) =>
        (await FailureOf(client.SingleAsync(new Ask { Behaviour = "hang" }, deadline: In(0.2)).ResponseAsync))
            .StatusCode.ShouldBe(StatusCode.DeadlineExceeded);

    private static async Task UnaryCancelAsync(Peer.PeerClient client)
    {
        using CancellationTokenSource source = new();
        using var call = client.SingleAsync(new Ask { Behaviour = "hang" }, deadline: In(80), cancellationToken: source.Token);

        await source.CancelAsync();

        (await FailureOf(call.ResponseAsync)).StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    private static async Task UnaryGzipRequestAsync(Peer.PeerClient client)
    {
        var text = new string('z', 100_000);

        (await client.SingleAsync(new Ask { Text = text }, Gzip)).Text.ShouldBe(text);
        (await client.SingleAsync(new Ask { Text = text }, Gzip.WithWriteOptions(new WriteOptions(WriteFlags.NoCompress)))).Text.ShouldBe(text);
    }

    private static async Task UnaryGzipReplyAsync(Peer.PeerClient client)
    {
        var text = new string('z', 100_000);

        (await client.SingleAsync(new Ask { Behaviour = "compress", Text = text }, deadline: In(80))).Text.ShouldBe(text);
    }

    private static async Task UnaryThousandAtATimeAsync(Peer.PeerClient client)
    {
        var deadline = In(80);
        var replies = await Task.WhenAll(Enumerable.Range(0, 1000)
            .Select(async number => (await client.SingleAsync(new Ask { Text = $"{number}" }, deadline: deadline)).Text));

        replies.ShouldBe(Enumerable.Range(0, 1000).Select(number => $"{number}"));
    }
}
