using System.Buffers;
using Grpc.Net.Compression;

namespace Grpc.Core.Wire;

/// <summary>Undoes the compression of a message, never beyond the size limit of messages.</summary>
internal static class MessageDecompressor
{
    private const int MinimumReadLength = 4096;

    internal static ReadOnlySequence<byte> Decompress(
        ReadOnlySequence<byte> payload, string? encoding, MessageEncodings encodings, int? maxMessageSize)
    {
        if (encoding is null or WireNames.Identity)
        {
            throw Failure(StatusCode.Internal, encoding is null
                ? "The message is marked as compressed, and the call named no grpc-encoding."
                : "The message is marked as compressed, and the call's grpc-encoding is 'identity'.");
        }

        ICompressionProvider provider = encodings.Find(encoding) ?? throw Failure(
            StatusCode.Unimplemented, $"Unsupported grpc-encoding value '{encoding}'. Supported encodings: {encodings.AcceptEncoding}");
        try
        {
            return new ReadOnlySequence<byte>(Read(payload, provider, maxMessageSize));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The message is not valid {encoding} data.", exception));
        }
    }

    private static ReadOnlyMemory<byte> Read(ReadOnlySequence<byte> payload, ICompressionProvider provider, int? maxMessageSize)
    {
        using MemoryStream compressed = new(payload.ToArray());
        using Stream stream = provider.CreateDecompressionStream(compressed);
        ArrayBufferWriter<byte> message = new();
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

        return message.WrittenMemory;
    }

    private static RpcException Failure(StatusCode code, string detail) => new(new Status(code, detail));
}
