using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Grpc.Core.Wire;

/// <summary>
/// Reads the messages of one direction of one call. What the peer sent and nobody asked for yet stays in the transport, whose flow control
/// then stops the peer: at most one message is buffered here.
/// </summary>
internal sealed class MessageReader(PipeReader pipe, int? maxMessageSize, string? encoding, MessageEncodings encodings)
{
    private readonly SequenceDeserializationContext _context = new();

    /// <summary>The next message, or null at the end of the stream.</summary>
    /// <exception cref="RpcException">The peer breaks the protocol or a limit.</exception>
    internal ValueTask<T?> ReadAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        int needed = MessageBuffer.PrefixLength;
        try
        {
            // What is there already needs no state machine.
            if (!cancellationToken.IsCancellationRequested
                && pipe.TryRead(out ReadResult result) && TryTake(result, deserializer, ref needed, out T? message))
            {
                return new ValueTask<T?>(message);
            }
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<T?>(exception);
        }

        return WaitAndReadAsync(needed, deserializer, cancellationToken);
    }

    /// <summary>The only message of a stream: none and a second one are errors of the peer.</summary>
    internal async ValueTask<T> ReadSingleAsync<T>(Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        T message = await ReadAsync(deserializer, cancellationToken).ConfigureAwait(false)
            ?? throw Failure(StatusCode.Internal, "Incomplete message.");
        await ReadEndAsync(cancellationToken).ConfigureAwait(false);
        return message;
    }

    /// <summary>The end of the stream; a single byte more is an error, whether or not it begins a message.</summary>
    internal async ValueTask ReadEndAsync(CancellationToken cancellationToken)
    {
        ReadResult end = await pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
        bool more = !end.Buffer.IsEmpty;
        pipe.AdvanceTo(end.Buffer.End);
        if (end.IsCanceled)
        {
            throw new OperationCanceledException();
        }

        if (more)
        {
            throw Failure(StatusCode.Internal, "Additional data after the message received.");
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<T?> WaitAndReadAsync<T>(int needed, Func<DeserializationContext, T> deserializer, CancellationToken cancellationToken)
        where T : class
    {
        while (true)
        {
            // ReadAtLeast only where it saves turns: in the base class of pipes it costs an allocation.
            ReadResult result = needed == MessageBuffer.PrefixLength
                ? await pipe.ReadAsync(cancellationToken).ConfigureAwait(false)
                : await pipe.ReadAtLeastAsync(needed, cancellationToken).ConfigureAwait(false);
            if (TryTake(result, deserializer, ref needed, out T? message))
            {
                return message;
            }
        }
    }

    // False: the message is not whole yet, and "needed" says how many bytes there must be.
    private bool TryTake<T>(ReadResult result, Func<DeserializationContext, T> deserializer, ref int needed, out T? message)
        where T : class
    {
        message = null;
        ReadOnlySequence<byte> buffer = result.Buffer;
        SequencePosition consumed = buffer.Start;
        SequencePosition examined = buffer.End;
        try
        {
            if (result.IsCanceled)
            {
                throw new OperationCanceledException();
            }

            if (buffer.IsEmpty && result.IsCompleted)
            {
                return true;
            }

            if (buffer.Length >= MessageBuffer.PrefixLength)
            {
                bool compressed = ReadPrefix(buffer, out int length);
                needed = MessageBuffer.PrefixLength + length;
                if (buffer.Length >= needed)
                {
                    ReadOnlySequence<byte> payload = buffer.Slice(MessageBuffer.PrefixLength, length);
                    consumed = payload.End;
                    examined = payload.End;
                    message = Deserialize(payload, compressed, deserializer);
                    return true;
                }
            }

            return result.IsCompleted ? throw Failure(StatusCode.Internal, "Incomplete message.") : false;
        }
        finally
        {
            pipe.AdvanceTo(consumed, examined);
        }
    }

    private bool ReadPrefix(ReadOnlySequence<byte> buffer, out int length)
    {
        Span<byte> prefix = stackalloc byte[MessageBuffer.PrefixLength];
        buffer.Slice(0, MessageBuffer.PrefixLength).CopyTo(prefix);
        uint size = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (prefix[0] > 1)
        {
            throw Failure(StatusCode.Internal, "Unexpected compressed flag value in message header.");
        }

        // Judged before anything of the message is buffered.
        if (size > (maxMessageSize ?? int.MaxValue - MessageBuffer.PrefixLength))
        {
            throw Failure(
                StatusCode.ResourceExhausted, $"Received message exceeds the maximum configured message size. ({size} > {maxMessageSize} bytes)");
        }

        length = (int)size;
        return prefix[0] == 1;
    }

    private T Deserialize<T>(ReadOnlySequence<byte> payload, bool compressed, Func<DeserializationContext, T> deserializer)
        where T : class
    {
        _context.Set(compressed ? MessageDecompressor.Decompress(payload, encoding, encodings, maxMessageSize) : payload);
        try
        {
            return deserializer(_context);
        }
        catch (Exception exception) when (exception is not RpcException)
        {
            throw new RpcException(new Status(StatusCode.Internal, "Error deserializing the message.", exception));
        }
        finally
        {
            _context.Set(default);
        }
    }

    private static RpcException Failure(StatusCode code, string detail) => new(new Status(code, detail));
}
