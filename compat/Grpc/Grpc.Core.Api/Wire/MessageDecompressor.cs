using System.Buffers;
using System.IO.Compression;

namespace Grpc.Core.Wire;

/// <summary>Undoes the compression of a message, never beyond the size limit of messages.</summary>
internal static class MessageDecompressor
{
    private const int MinimumReadLength = 4096;

    internal static ReadOnlySequence<byte> Decompress(ReadOnlySequence<byte> payload, string? encoding, int? maxMessageSize)
    {
        using MemoryStream compressed = new(payload.ToArray());
        using Stream stream = encoding switch
        {
            WireNames.Gzip => new GZipStream(compressed, CompressionMode.Decompress),
            WireNames.Deflate => new ZLibStream(compressed, CompressionMode.Decompress),
            null or WireNames.Identity => throw Failure(
                StatusCode.Internal, "The message is marked as compressed, and the call named no grpc-encoding."),
            _ => throw Failure(
                StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {WireNames.AcceptedEncodings}"),
        };
        ArrayBufferWriter<byte> message = new();
        try
        {
            int read;
            while ((read = stream.Read(message.GetSpan(MinimumReadLength))) > 0)
            {
                message.Advance(read);
                if (message.WrittenCount > maxMessageSize)
                {
                    throw Failure(
                        StatusCode.ResourceExhausted,
                        $"Received message exceeds the maximum configured message size. (more than {maxMessageSize} bytes when decompressed)");
                }
            }
        }
        catch (InvalidDataException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The message is not valid {encoding} data.", exception));
        }

        return new ReadOnlySequence<byte>(message.WrittenMemory);
    }

    private static RpcException Failure(StatusCode code, string detail) => new(new Status(code, detail));
}
