using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Fleet.UnitTests.GrpcWire;

public sealed class MessageReaderTests
{
    private static readonly Func<DeserializationContext, byte[]> _bytes = context => context.PayloadAsNewBuffer();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(10_000)]
    public async Task Read_AnyChunking_MessagesComeWhole(int chunkLength)
    {
        Random random = new(chunkLength);
        List<byte[]> messages = [.. Enumerable.Range(0, 50).Select(_ => new byte[random.Next(0, 300)])];
        messages.ForEach(random.NextBytes);
        byte[] wire = [.. messages.SelectMany(message => Frame(message))];
        Pipe pipe = new();
        MessageReader sut = new(pipe.Reader, maxMessageSize: 300, encoding: null, MessageEncodings.Default);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < wire.Length; i += chunkLength)
            {
                await pipe.Writer.WriteAsync(wire.AsMemory(i, Math.Min(chunkLength, wire.Length - i)));
            }

            await pipe.Writer.CompleteAsync();
        });

        foreach (var message in messages)
        {
            (await sut.ReadAsync(_bytes, CancellationToken.None)).ShouldBe(message);
        }

        (await sut.ReadAsync(_bytes, CancellationToken.None)).ShouldBeNull();
        await writing;
    }

    [Fact]
    public async Task Read_AnnouncedBeyondLimit_FailsBeforeTheMessageIsThere()
    {
        Pipe pipe = new();
        MessageReader sut = new(pipe.Reader, maxMessageSize: 10, encoding: null, MessageEncodings.Default);
        await pipe.Writer.WriteAsync(Frame(new byte[11]).AsMemory(0, MessageBuffer.PrefixLength));

        (await FailureOf(sut)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Read_EndInsideAMessage_IsAnErrorNotAnEnd(int length)
    {
        var sut = await ReaderOfAsync(Frame(new byte[10])[..length], null);

        (await FailureOf(sut)).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Read_Compressed_IsDecoded(string encoding)
    {
        var sut = await ReaderOfAsync(Frame(Compress(encoding, new byte[5000]), compressed: true), encoding);

        (await sut.ReadAsync(_bytes, CancellationToken.None)).ShouldBe(new byte[5000]);
    }

    [Fact]
    public async Task Read_SmallMessageThatUnpacksBeyondLimit_ResourceExhausted()
    {
        var bomb = Compress("gzip", new byte[5_000_000]);
        bomb.Length.ShouldBeLessThan(10_000);

        (await FailureOf(await ReaderOfAsync(Frame(bomb, compressed: true), "gzip"))).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Read_CompressedAndCutOff_IsAnErrorNotAShorterMessage(string encoding)
    {
        var message = new byte[3000];
        new Random(1).NextBytes(message);
        var compressed = Compress(encoding, message);

        (await FailureOf(await ReaderOfAsync(Frame(compressed[..^100], compressed: true), encoding))).StatusCode.ShouldBe(StatusCode.Internal);
    }

    [Theory]
    [InlineData("snappy", StatusCode.Unimplemented)]
    [InlineData("identity", StatusCode.Internal)]
    [InlineData(null, StatusCode.Internal)]
    [InlineData("gzip", StatusCode.Internal)]
    public async Task Read_CompressedOtherwiseThanNamed_RightStatus(string? encoding, StatusCode expected) =>
        (await FailureOf(await ReaderOfAsync(Frame([1, 2, 3], compressed: true), encoding))).StatusCode.ShouldBe(expected);

    [Fact]
    public async Task ReadEnd_AByteMore_IsAnError()
    {
        Pipe pipe = new();
        MessageReader sut = new(pipe.Reader, maxMessageSize: 10, encoding: null, MessageEncodings.Default);
        await pipe.Writer.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7, 0 });

        (await sut.ReadAsync(_bytes, CancellationToken.None)).ShouldBe([7]);

        (await Should.ThrowAsync<RpcException>(sut.ReadEndAsync(CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5))))
            .StatusCode.ShouldBe(StatusCode.Internal);
    }

    private static async Task<MessageReader> ReaderOfAsync(byte[] wire, string? encoding)
    {
        Pipe pipe = new();
        await pipe.Writer.WriteAsync(wire);
        await pipe.Writer.CompleteAsync();
        return new MessageReader(pipe.Reader, maxMessageSize: 10_000, encoding, MessageEncodings.Default);
    }

    private static async Task<RpcException> FailureOf(MessageReader reader) =>
        await Should.ThrowAsync<RpcException>(reader.ReadAsync(_bytes, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5)));

    private static byte[] Frame(byte[] message, bool compressed = false)
    {
        byte[] frame = [(byte)(compressed ? 1 : 0), 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        return frame;
    }

    private static byte[] Compress(string encoding, byte[] message)
    {
        using MemoryStream compressed = new();
        using (Stream stream = encoding == "gzip"
            ? new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true)
            : new ZLibStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            stream.Write(message);
        }

        return compressed.ToArray();
    }
}
