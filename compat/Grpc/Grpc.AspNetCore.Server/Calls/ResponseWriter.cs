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

    private async Task WriteCoreAsync<T>(
        T message, Action<T, SerializationContext> serializer, MessageCompression? compression, bool flush, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte> frame = _buffer.Serialize(message, serializer);
            if (compression is not null)
            {
                frame = compression.Compress(frame);
            }

            if (flush || _unflushedBytes + frame.Length > UnflushedLimitBytes)
            {
                _unflushedBytes = 0;
                Check(await _body.WriteAsync(frame, cancellationToken), cancellationToken);
            }
            else
            {
                if (!response.HasStarted)
                {
                    await response.StartAsync(cancellationToken);
                }

                _unflushedBytes += frame.Length;
                _body.Write(frame.Span);
            }
        }
        finally
        {
            _buffer.Release();
            Leave();
        }
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
