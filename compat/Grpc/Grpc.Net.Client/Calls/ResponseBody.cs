using System.IO.Pipelines;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Reads the messages of a reply from its body through pooled memory.</summary>
internal static class ResponseBody
{
    private const int ReadLength = 16 * 1024;

    // Zero-byte reads: an idle stream holds no memory while it waits.
    private static readonly StreamPipeReaderOptions _options = new(bufferSize: ReadLength, minimumReadSize: 1024, useZeroByteReads: true);

    internal static MessageReader CreateReader(Stream body, GrpcChannel channel, string? encoding) =>
        new(PipeReader.Create(body, _options), channel.Options.MaxReceiveMessageSize, encoding, channel.Encodings);
}
