using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Fleet.UnitTests.GrpcWire;

public sealed class MessageBufferTests
{
    [Fact]
    public void Serialize_EveryWayOfWriting_SameFrame()
    {
        MessageBuffer sut = new(maxMessageSize: null);
        byte[] expected = [0, 0, 0, 0, 3, 7, 8, 9];

        sut.Serialize([7, 8, 9], static (byte[] message, SerializationContext context) => context.Complete(message)).ToArray().ShouldBe(expected);
        sut.Release();
        sut.Serialize([7, 8, 9], static (byte[] message, SerializationContext context) =>
        {
            context.SetPayloadLength(message.Length);
            context.GetBufferWriter().Write(message);
            context.Complete();
        }).ToArray().ShouldBe(expected);
        sut.Release();
    }

    [Fact]
    public void Serialize_LengthNotTold_Grows()
    {
        MessageBuffer sut = new(maxMessageSize: null);
        var message = new byte[100_000];
        Random.Shared.NextBytes(message);

        var frame = sut.Serialize(message, static (byte[] bytes, SerializationContext context) =>
        {
            var writer = context.GetBufferWriter();
            foreach (var chunk in bytes.Chunk(999))
            {
                writer.Write(chunk);
            }

            context.Complete();
        });

        frame[MessageBuffer.PrefixLength..].Span.SequenceEqual(message).ShouldBeTrue();
        sut.Release();
    }

    [Fact]
    public void Append_SecondMessage_LiesBehindTheFirstAndSurvivesAFailure()
    {
        MessageBuffer sut = new(maxMessageSize: 100_000);
        var large = new byte[90_000];
        Random.Shared.NextBytes(large);

        sut.Append([7], static (byte[] bytes, SerializationContext context) => context.Complete(bytes), compression: null);
        Should.Throw<RpcException>(() => sut.Append(
            new byte[100_001], static (byte[] bytes, SerializationContext context) => context.Complete(bytes), compression: null));
        sut.Append(large, static (byte[] bytes, SerializationContext context) => context.Complete(bytes), compression: null);

        byte[] expected = [0, 0, 0, 0, 1, 7, 0, 0, 1, 0x5f, 0x90, .. large];
        sut.Messages.Span.SequenceEqual(expected).ShouldBeTrue();
        sut.Release();
        sut.Length.ShouldBe(0);
    }

    [Fact]
    public void Append_Compressed_OnlyThatMessageIs()
    {
        MessageBuffer sut = new(maxMessageSize: null);
        MessageCompression gzip = new(MessageEncodings.Default.Find("gzip")!, CompressionLevel.Fastest);

        sut.Append([7], static (byte[] bytes, SerializationContext context) => context.Complete(bytes), compression: null);
        sut.Append(new byte[5000], static (byte[] bytes, SerializationContext context) => context.Complete(bytes), gzip);

        sut.Length.ShouldBeLessThan(200);
        sut.Messages.Span[..6].ToArray().ShouldBe([0, 0, 0, 0, 1, 7]);
        sut.Messages.Span[6].ShouldBe((byte)1);
        using GZipStream content = new(new MemoryStream(sut.Messages[11..].ToArray()), CompressionMode.Decompress);
        using MemoryStream plain = new();
        content.CopyTo(plain);
        plain.ToArray().ShouldBe(new byte[5000]);
        sut.Release();
    }

    [Fact]
    public void Serialize_BeyondLimitOrNotCompleted_Fails()
    {
        MessageBuffer sut = new(maxMessageSize: 5);

        Should.Throw<RpcException>(() => sut.Serialize(new byte[6], static (byte[] bytes, SerializationContext context) => context.Complete(bytes)))
            .StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        Should.Throw<InvalidOperationException>(() => sut.Serialize(new byte[1], static (byte[] _, SerializationContext _) => { }));
        sut.Release();
    }
}
