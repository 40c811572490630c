using System.Net;
using System.Net.Http.Headers;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The body of a request with one message.</summary>
internal sealed class MessageContent<TRequest> : HttpContent
    where TRequest : class
{
    private readonly ClientCall _call;
    private readonly TRequest _message;
    private readonly Action<TRequest, Core.SerializationContext> _serializer;

    internal MessageContent(ClientCall call, TRequest message, Action<TRequest, Core.SerializationContext> serializer)
    {
        _call = call;
        _message = message;
        _serializer = serializer;
        Headers.ContentType = new MediaTypeHeaderValue(WireNames.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    // The handler calls this again when it sends the request again (the connection was closed before the server looked at it).
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        MessageBuffer buffer = new(_call.Channel.Options.MaxSendMessageSize);
        try
        {
            ReadOnlyMemory<byte> frame = buffer.Serialize(_message, _serializer);
            if (_call.CompressionFor(_call.Options.WriteOptions) is { } compression)
            {
                frame = compression.Compress(frame);
            }

            await stream.WriteAsync(frame, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            buffer.Release();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
