using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The responses of a call with a stream of them.</summary>
internal sealed class ResponseStream<TResponse>(HttpServerCallContext context, Marshaller<TResponse> marshaller)
    : IServerStreamWriter<TResponse>
    where TResponse : class
{
    public WriteOptions? WriteOptions
    {
        get => context.WriteOptions;
        set => context.WriteOptions = value;
    }

    public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);

        // A message that is cancelled half-way leaves nothing that the client could read on: the whole call is cancelled.
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static state => ((HttpServerCallContext)state!).CancelRequest(), context);
        cancellationToken.ThrowIfCancellationRequested();
        if (context.IsOver)
        {
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        bool flush = context.WriteOptions is not { } options || (options.Flags & WriteFlags.BufferHint) == 0;
        await context.Responses.WriteAsync(message, marshaller.ContextualSerializer, context.NextCompression, flush, cancellationToken);
    }
}
