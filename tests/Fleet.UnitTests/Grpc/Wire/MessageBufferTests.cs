using System.Buffers;
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
    public void Serialize_BeyondLimitOrNotCompleted_Fails()
    {
        MessageBuffer sut = new(maxMessageSize: 5);

        Should.Throw<RpcException>(() => sut.Serialize(new byte[6], static (byte[] bytes, SerializationContext context) => context.Complete(bytes)))
            .StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        Should.Throw<InvalidOperationException>(() => sut.Serialize(new byte[1], static (byte[] _, SerializationContext _) => { }));
        sut.Release();
    }
}
