using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Where the content of a request and the writer of its messages meet.</summary>
internal abstract class RequestStreamWriter
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<Stream> _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource? _done;
    private Stream? _stream;
    private bool _completed;
    private bool _callEnded;
    private bool _used;

    protected bool IsCompleted => Volatile.Read(ref _completed);

    /// <summary>The request has begun: messages go to this stream, until the writer sets <paramref name="done" />.</summary>
    internal void Attach(Stream stream, TaskCompletionSource done)
    {
        bool completed;
        lock (_lock)
        {
            if (_used)
            {
                throw new IOException("The request cannot be sent again: some of its messages are gone.");
            }

            if (_callEnded)
            {
                done.TrySetCanceled();
                return;
            }

            _stream = stream;
            _done = done;
            completed = _completed;
        }

        _attached.TrySetResult(stream);
        if (completed)
        {
            done.TrySetResult();
        }
    }

    /// <summary>The call is over: nothing more is written.</summary>
    internal void OnCallEnded()
    {
        TaskCompletionSource? done;
        lock (_lock)
        {
            _callEnded = true;
            done = _done;
        }

        _attached.TrySetCanceled();
        done?.TrySetCanceled();
    }

    protected void SetCompleted()
    {
        TaskCompletionSource? done;
        lock (_lock)
        {
            _completed = true;
            done = _done;
        }

        done?.TrySetResult();
    }

    protected async ValueTask<Stream> GetStreamAsync()
    {
        await _attached.Task.ConfigureAwait(false);
        lock (_lock)
        {
            // The stream of the last attempt: the handler may have begun the request again on another connection.
            _used = true;
            return _stream!; // Set before _attached.
        }
    }
}

/// <summary>The requests of a call with a stream of them.</summary>
internal sealed class RequestStreamWriter<TRequest>(ClientCall call, Marshaller<TRequest> marshaller)
    : RequestStreamWriter, IClientStreamWriter<TRequest>
    where TRequest : class
{
    private readonly MessageBuffer _buffer = new(call.Channel.Options.MaxSendMessageSize);
    private int _writing;

    public WriteOptions? WriteOptions { get; set; } = call.Options.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        call.ThrowIfDisposed();
        using CancellationTokenRegistration registration = call.CancelWith(cancellationToken);
        if (IsCompleted)
        {
            throw new InvalidOperationException("Request stream has already been completed.");
        }

        call.ThrowIfEnded();
        if (Interlocked.Exchange(ref _writing, 1) == 1)
        {
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            Stream stream = await GetStreamAsync().ConfigureAwait(false);
            ReadOnlyMemory<byte> frame = _buffer.Serialize(message, marshaller.ContextualSerializer);
            if (call.CompressionFor(WriteOptions) is { } compression)
            {
                frame = compression.Compress(frame);
            }

            await stream.WriteAsync(frame, call.Token).ConfigureAwait(false);
            if (WriteOptions is not { } options || (options.Flags & WriteFlags.BufferHint) == 0)
            {
                await stream.FlushAsync(call.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            throw call.WriteFailure(exception);
        }
        finally
        {
            _buffer.Release();
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        call.ThrowIfDisposed();
        if (Volatile.Read(ref _writing) == 1)
        {
            return Task.FromException(new InvalidOperationException(
                "Can't complete the client stream writer because the previous write is in progress."));
        }

        SetCompleted();
        return Task.CompletedTask;
    }
}
