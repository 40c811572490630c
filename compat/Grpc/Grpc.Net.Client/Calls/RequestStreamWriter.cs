using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The requests of a call with a stream of them.</summary>
internal sealed class RequestStreamWriter<TRequest>(ClientCall call, RequestSender sender, Marshaller<TRequest> marshaller)
    : IClientStreamWriter<TRequest>
    where TRequest : class
{
    private int _writing;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        try
        {
            Begin(message, cancellationToken);
        }
        catch (Exception exception)
        {
            return Task.FromException(exception);
        }

        if (!sender.Attached.IsCompletedSuccessfully)
        {
            return WriteFirstAsync(message, cancellationToken);
        }

        Task room;
        try
        {
            room = Send(message);
        }
        catch (Exception exception)
        {
            Volatile.Write(ref _writing, 0);
            return Task.FromException(call.WriteFailure(exception));
        }

        if (!room.IsCompletedSuccessfully)
        {
            return WaitAsync(room, cancellationToken);
        }

        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    public Task CompleteAsync()
    {
        call.ThrowIfDisposed();
        return Volatile.Read(ref _writing) == 1
            ? Task.FromException(new InvalidOperationException(
                "Can't complete the client stream writer because the previous write is in progress."))
            : sender.CompleteAsync();
    }

    private void Begin(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        call.ThrowIfDisposed();
        if (cancellationToken.IsCancellationRequested)
        {
            // Cancels the call at once.
            _ = call.CancelWith(cancellationToken);
        }

        if (sender.IsCompleted)
        {
            throw new InvalidOperationException("Request stream has already been completed.");
        }

        call.ThrowIfEnded();
        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }
    }

    private Task Send(TRequest message)
    {
        WriteOptions? options = WriteOptions;
        MessageCompression? compression = call.CompressionFor(options);
        bool flush = false;
        Task room;
        MessageBuffer buffer = sender.Add();
        try
        {
            buffer.Append(message, marshaller.ContextualSerializer, compression);
            flush = options is null || (options.Flags & WriteFlags.BufferHint) == 0;
        }
        finally
        {
            room = sender.Added(flush);
        }

        return room;
    }

    // The first message waits for the connection: a call that gets none must not swallow it.
    private async Task WriteFirstAsync(TRequest message, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = call.CancelWith(cancellationToken);
        try
        {
            await sender.Attached.ConfigureAwait(false);
            await Send(message).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw call.WriteFailure(exception);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    private async Task WaitAsync(Task room, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = call.CancelWith(cancellationToken);
        try
        {
            await room.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            throw call.WriteFailure(exception);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }
}
