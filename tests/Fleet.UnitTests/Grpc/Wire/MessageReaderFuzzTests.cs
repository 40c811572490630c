using System.Buffers.Binary;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Fleet.UnitTests.GrpcWire;

/// <summary>Streams of messages that are cut, mutated and made up: the reader ends with a message, an end or a status, and holds no more than its limit.</summary>
public sealed class MessageReaderFuzzTests
{
    private const int MaxMessageBytes = 16 * 1024;

    // A message, its copy for the one who reads it, and the steps by which the buffer of a decompressor grows to the limit.
    private const int MaxAllocatedBytes = 256 * 1024;

    private static readonly StatusCode[] _documented = [StatusCode.Internal, StatusCode.ResourceExhausted, StatusCode.Unimplemented];
    private static readonly string?[] _encodings = [null, "identity", "gzip", "deflate", "snappy"];

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData(null)]
    public async Task Read_CutAtEveryByte_WholeMessagesThenAnEndOrAnError(string? encoding)
    {
        Random random = new(7);
        List<byte[]> messages = [.. Enumerable.Range(0, 4).Select(_ => new byte[random.Next(0, 60)])];
        messages.ForEach(random.NextBytes);
        List<byte[]> frames = [.. messages.Select(message => Frame(message, encoding))];
        byte[] wire = [.. frames.SelectMany(frame => frame)];

        for (var cut = 0; cut <= wire.Length; cut++)
        {
            List<int> ends = [.. Enumerable.Range(1, frames.Count).Select(count => frames.Take(count).Sum(frame => frame.Length)).Where(end => end <= cut)];
            var (read, failure) = await ReadAllAsync(wire[..cut], encoding);

            read.Select(Convert.ToHexString).ShouldBe(messages.Take(ends.Count).Select(Convert.ToHexString));
            failure.ShouldBe(cut == 0 || ends.Contains(cut) ? null : StatusCode.Internal, $"cut at {cut}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Read_Mutated_DocumentedStatusAndBoundedMemory(int seed)
    {
        Random random = new(seed);
        for (var round = 0; round < 500; round++)
        {
            var encoding = _encodings[random.Next(_encodings.Length)];
            var wire = Mutate([.. Enumerable.Range(0, random.Next(1, 5)).SelectMany(_ => Frame(RandomMessage(random), encoding is "gzip" or "deflate" ? encoding : null))], random);
            var before = GC.GetAllocatedBytesForCurrentThread();

            // Everything is there before it is read, so it is read without a change of thread.
            var (read, failure) = await ReadAllAsync(wire, encoding);

            (GC.GetAllocatedBytesForCurrentThread() - before - (read.Count * (long)MaxMessageBytes)).ShouldBeLessThan(MaxAllocatedBytes + (3 * wire.Length));
            read.ShouldAllBe(message => message.Length <= MaxMessageBytes);
            if (failure is { } code)
            {
                _documented.ShouldContain(code, $"seed {seed}, round {round}");
            }
        }
    }

    [Fact]
    public async Task Read_AnnouncedFourGigabytes_NothingIsAllocatedForIt()
    {
        byte[] wire = [0, 255, 255, 255, 255, 1, 2, 3];
        await ReadAllAsync(wire, encoding: null);
        var before = GC.GetAllocatedBytesForCurrentThread();

        (await ReadAllAsync(wire, encoding: null)).Failure.ShouldBe(StatusCode.ResourceExhausted);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MaxAllocatedBytes);
    }

    private static async Task<(List<byte[]> Messages, StatusCode? Failure)> ReadAllAsync(byte[] wire, string? encoding)
    {
        Pipe pipe = new(new PipeOptions(useSynchronizationContext: false, pauseWriterThreshold: 0));
        await pipe.Writer.WriteAsync(wire);
        await pipe.Writer.CompleteAsync();
        MessageReader sut = new(pipe.Reader, MaxMessageBytes, encoding, MessageEncodings.Default);
        List<byte[]> messages = [];
        try
        {
            while (await sut.ReadAsync(context => context.PayloadAsNewBuffer(), CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10)) is { } message)
            {
                messages.Add(message);
            }

            return (messages, null);
        }
        catch (RpcException exception)
        {
            return (messages, exception.StatusCode);
        }
    }

    // Mostly small, sometimes at the limit or beyond it; zeros compress to next to nothing.
    private static byte[] RandomMessage(Random random)
    {
        var message = new byte[random.Next(10) == 0 ? random.Next(MaxMessageBytes - 10, 4 * MaxMessageBytes) : random.Next(200)];
        if (random.Next(2) == 0)
        {
            random.NextBytes(message);
        }

        return message;
    }

    private static byte[] Mutate(byte[] wire, Random random)
    {
        List<byte> mutated = [.. wire];
        for (var i = random.Next(4); i > 0 && mutated.Count > 0; i--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(4))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 2:
                    mutated.RemoveRange(at, Math.Min(random.Next(8), mutated.Count - at));
                    break;
                default:
                    mutated.InsertRange(at, [(byte)random.Next(256), (byte)random.Next(3)]);
                    break;
            }
        }

        return random.Next(3) == 0 ? [.. mutated.Take(random.Next(mutated.Count + 1))] : [.. mutated];
    }

    private static byte[] Frame(byte[] message, string? encoding)
    {
        byte[] frame = [0, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        return encoding is null ? frame : new MessageCompression(MessageEncodings.Default.Find(encoding)!, Level: null).Compress(frame).ToArray(); // Known.
    }
}
