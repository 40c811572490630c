using System.Buffers;
using System.IO.Pipelines;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>
/// Writes the messages of a response, one at a time. Back-pressure is Kestrel's: a flush waits while the client's window is closed and the
/// response buffer is full.
/// </summary>
internal sealed class ResponseWriter(HttpResponse response, int? maxSendMessageSize)
{
    // Unflushed bytes (BufferHint, the last message of a call) beyond this are flushed anyway, so that they are never unbounded.
    private const int UnflushedLimitBytes = 64 * 1024;

    private const int Open = 0;
    private const int Writing = 1;
    private const int Closed = 2;

    private readonly PipeWriter _body = response.BodyWriter;
    private readonly MessageBuffer _buffer = new(maxSendMessageSize);
    private int _state;
    private int _unflushedBytes;
    private Task _write = Task.CompletedTask;

    /// <summary>Writes a message; without <paramref name="flush" /> it may wait for the next one or for the end of the call.</summary>
    internal Task WriteAsync<T>(
        T message, Action<T, SerializationContext> serializer, MessageCompression? compression, bool flush, CancellationToken cancellationToken)
    {
        Enter();
        return _write = WriteCoreAsync(message, serializer, compression, flush, cancellationToken);
    }

    internal Task FlushHeadersAsync()
    {
        Enter();
        return _write = FlushCoreAsync();
    }

    /// <summary>No message is written from now on, and none is under way; false: it was closed before.</summary>
    internal async Task<bool> TryCloseAsync()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, Closed, Open))
            {
                case Open:
                    return true;
                case Closed:
                    return false;
                default:
                    // The handler has left a write behind. What became of it is known to who awaits it.
                    await _write.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
                    break;
            }
        }
    }

    private void Enter()
    {
        switch (Interlocked.CompareExchange(ref _state, Writing, Open))
        {
            case Writing:
                throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
            case Closed:
                throw new InvalidOperationException("Can't write the message because the request is complete.");
        }
    }

    private void Leave() => Volatile.Write(ref _state, Open);

    private Task WriteCoreAsync<T>(
        T message, Action<T, SerializationContext> serializer, MessageCompression? compression, bool flush, CancellationToken cancellationToken)
    {
        try
        {
            _buffer.Clear();
            _buffer.Append(message, serializer, compression);
            ReadOnlyMemory<byte> frame = _buffer.Messages;
            if (!flush && _unflushedBytes + frame.Length <= UnflushedLimitBytes)
            {
                return WriteWithoutFlushAsync(cancellationToken);
            }

            _unflushedBytes = 0;
            ValueTask<FlushResult> written = _body.WriteAsync(frame, cancellationToken);
            if (!written.IsCompletedSuccessfully)
            {
                return WaitAsync(written, cancellationToken);
            }

            Check(written.Result, cancellationToken);
        }
        catch (Exception exception)
        {
            End();
            return Task.FromException(exception);
        }

        End();
        return Task.CompletedTask;
    }

    private async Task WaitAsync(ValueTask<FlushResult> written, CancellationToken cancellationToken)
    {
        try
        {
            Check(await written, cancellationToken);
        }
        finally
        {
            End();
        }
    }

    private async Task WriteWithoutFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!response.HasStarted)
            {
                await response.StartAsync(cancellationToken);
            }

            _unflushedBytes += _buffer.Length;
            _body.Write(_buffer.Messages.Span);
        }
        finally
        {
            End();
        }
    }

    private void End()
    {
        _buffer.Release();
        Leave();
    }

    private async Task FlushCoreAsync()
    {
        try
        {
            Check(await _body.FlushAsync(), CancellationToken.None);
        }
        finally
        {
            Leave();
        }
    }

    private static void Check(FlushResult result, CancellationToken cancellationToken)
    {
        if (result.IsCanceled)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }
}
