using System.Net;
using System.Net.Http.Headers;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The body of a request with a stream of messages: lends its stream to a sender until that is done.</summary>
internal sealed class RequestStreamContent : HttpContent
{
    private readonly RequestSender _sender;

    internal RequestStreamContent(RequestSender sender)
    {
        _sender = sender;
        Headers.ContentType = new MediaTypeHeaderValue(WireNames.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Without this the headers wait for the first message, and a server that speaks first is never heard.
        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);

        // Continues at once where it is completed: the end of the stream is queued before CompleteAsync returns, so that a Dispose that
        // follows does not overtake it with a reset.
        TaskCompletionSource done = new();
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), done);
        _sender.Attach(stream, done);
        await done.Task.ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = -1;
        return false;
    }
}
