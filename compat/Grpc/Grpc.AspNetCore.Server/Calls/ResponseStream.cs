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

    public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
    {
        if (message is null)
        {
            return Task.FromException(new ArgumentNullException(nameof(message)));
        }

        if (cancellationToken.IsCancellationRequested)
        {
            context.CancelRequest();
            return Task.FromCanceled(cancellationToken);
        }

        if (context.IsOver)
        {
            return Task.FromException(new InvalidOperationException("Can't write the message because the request is complete."));
        }

        bool flush = context.WriteOptions is not { } options || (options.Flags & WriteFlags.BufferHint) == 0;
        Task written;
        try
        {
            written = context.Responses.WriteAsync(message, marshaller.ContextualSerializer, context.NextCompression, flush, cancellationToken);
        }
        catch (InvalidOperationException exception)
        {
            // Another write is in progress.
            return Task.FromException(exception);
        }

        return written.IsCompleted || !cancellationToken.CanBeCanceled ? written : WaitAsync(written, cancellationToken);
    }

    // A message that is cancelled half-way leaves nothing that the client could read on: the whole call is cancelled.
    private async Task WaitAsync(Task written, CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static state => ((HttpServerCallContext)state!).CancelRequest(), context);
        await written;
    }
}
