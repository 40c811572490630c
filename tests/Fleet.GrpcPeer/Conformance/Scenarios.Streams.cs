using Google.Protobuf;
using Grpc.Core;

namespace Fleet.GrpcPeer.Conformance;

internal static partial class Scenarios
{
    private static async Task CollectManyAsync(Peer.PeerClient client)
    {
        using var call = client.Collect(deadline: In(80));
        for (var i = 0; i < Many; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Text = $"{i % 10}" });
        }

        await call.RequestStream.CompleteAsync();

        var reply = await call;
        reply.Index.ShouldBe(Many);
        reply.Text.ShouldBe(string.Concat(Enumerable.Repeat("0123456789", Many / 10)));
    }

    private static async Task CollectGzipAsync(Peer.PeerClient client)
    {
        using var call = client.Collect(Gzip);
        for (var i = 0; i < 20; i++)
        {
            call.RequestStream.WriteOptions = i % 2 == 0 ? null : new WriteOptions(WriteFlags.NoCompress);
            await call.RequestStream.WriteAsync(new Ask { Text = new string('z', 1000) });
        }

        await call.RequestStream.CompleteAsync();

        (await call).Text.Length.ShouldBe(20_000);
    }

    private static async Task CollectNothingAsync(Peer.PeerClient client)
    {
        using var call = client.Collect(deadline: In(80));

        await call.RequestStream.CompleteAsync();

        (await call).Index.ShouldBe(0);
        call.GetTrailers().GetValue("x-trailer").ShouldBe("end");
    }

    private static async Task ExpandManyAsync(Peer.PeerClient client)
    {
        using var call = client.Expand(new Ask { Count = Many, Text = "more" }, deadline: In(80));

        await ExpectInOrderAsync(call.ResponseStream, Many);

        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        call.GetTrailers().GetValue("x-trailer").ShouldBe("end");
    }

    private static async Task ExpandSomeCompressedAsync(Peer.PeerClient client)
    {
        using var call = client.Expand(new Ask { Behaviour = "some-compressed", Count = 50, Text = new string('z', 1000) }, deadline: In(80));

        await ExpectInOrderAsync(call.ResponseStream, 50);
    }

    private static async Task ExpandCancelAsync(Peer.PeerClient client)
    {
        using CancellationTokenSource source = new();
        using var call = client.Expand(new Ask { Count = int.MaxValue, Text = "more" }, deadline: In(80), cancellationToken: source.Token);
        for (var i = 0; i < 100; i++)
        {
            (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeTrue();
        }

        await source.CancelAsync();

        (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).StatusCode.ShouldBe(StatusCode.Cancelled);
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    private static async Task ChatManyAsync(Peer.PeerClient client)
    {
        using var call = client.Chat(deadline: In(80));

        await ChatAsync(call, Many, ByteString.CopyFrom(new byte[320]));
    }

    private static async Task ChatThousandAtATimeAsync(Peer.PeerClient client)
    {
        var deadline = In(80);
        var calls = Enumerable.Range(0, 1000).Select(_ => client.Chat(deadline: deadline)).ToList();

        await Task.WhenAll(calls.Select(call => ChatAsync(call, 3, ByteString.Empty)));

        calls.ForEach(call => call.Dispose());
    }

    private static async Task ChatEndsFirstAsync(Peer.PeerClient client)
    {
        // The client's end and the last reply cross: none of them may get lost.
        for (var i = 0; i < 100; i++)
        {
            using var call = client.Chat(deadline: In(80));
            await call.RequestStream.WriteAsync(new Ask { Count = 0 });
            await call.RequestStream.CompleteAsync();

            await ExpectInOrderAsync(call.ResponseStream, 1);

            call.GetTrailers().GetValue("x-trailer").ShouldBe("end");
        }
    }

    private static async Task ChatHalfClosedAtOnceAsync(Peer.PeerClient client)
    {
        using var call = client.Chat(deadline: In(80));

        await call.RequestStream.CompleteAsync();

        (await call.ResponseStream.MoveNext(CancellationToken.None)).ShouldBeFalse();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    private static async Task ChatServerEndsWhileClientWritesAsync(Peer.PeerClient client)
    {
        for (var i = 0; i < 20; i++)
        {
            using var call = client.Chat(deadline: In(80));
            await call.RequestStream.WriteAsync(new Ask { Behaviour = "status", Status = (int)StatusCode.Aborted, Text = "taken over" });
            var writing = WriteUntilItFailsAsync(call.RequestStream);

            (await FailureOf(call.ResponseStream.MoveNext(CancellationToken.None))).Status.Detail.ShouldBe("taken over");
            await writing;
        }
    }

    private static async Task WriteUntilItFailsAsync(IClientStreamWriter<Ask> requests)
    {
        // What a write throws that meets the end tells little; that it ends is what counts.
        try
        {
            while (true)
            {
                await requests.WriteAsync(new Ask { Text = "still here" });
            }
        }
        catch (Exception exception) when (exception is RpcException or OperationCanceledException or InvalidOperationException)
        {
            return;
        }
    }

    private static async Task ChatAsync(AsyncDuplexStreamingCall<Ask, Reply> call, int count, ByteString payload)
    {
        var reading = ExpectInOrderAsync(call.ResponseStream, count);
        for (var i = 0; i < count; i++)
        {
            await call.RequestStream.WriteAsync(new Ask { Count = i, Payload = payload });
        }

        await call.RequestStream.CompleteAsync();
        await reading;
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    private static async Task ExpectInOrderAsync(IAsyncStreamReader<Reply> replies, int count)
    {
        var next = 0;
        while (await replies.MoveNext(CancellationToken.None))
        {
            if (replies.Current.Index != next++)
            {
                throw new InvalidOperationException($"Reply {replies.Current.Index} came where {next - 1} was due.");
            }
        }

        next.ShouldBe(count);
    }
}
