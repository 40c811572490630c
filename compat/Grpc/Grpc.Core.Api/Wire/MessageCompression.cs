using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Core.Wire;

/// <summary>How the messages of one direction of a call are compressed.</summary>
internal sealed record MessageCompression(ICompressionProvider Provider, CompressionLevel? Level)
{
    /// <summary>The same message, compressed and marked so; <paramref name="frame" /> is a message with its prefix.</summary>
    internal ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> frame)
    {
        MemoryStream compressed = new();
        compressed.SetLength(MessageBuffer.PrefixLength);
        compressed.Position = MessageBuffer.PrefixLength;

        // Disposed before the result is looked at: the end of the format is written then.
        using (Stream stream = Provider.CreateCompressionStream(compressed, Level))
        {
            stream.Write(frame.Span[MessageBuffer.PrefixLength..]);
        }

        // ToArray: a provider that closes our stream does no harm.
        byte[] result = compressed.ToArray();
        result[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(result.AsSpan(1), (uint)(result.Length - MessageBuffer.PrefixLength));
        return result;
    }

    /// <summary>This, unless the options of the write say otherwise.</summary>
    internal MessageCompression? For(WriteOptions? options) => options is not null && (options.Flags & WriteFlags.NoCompress) != 0 ? null : this;
}
