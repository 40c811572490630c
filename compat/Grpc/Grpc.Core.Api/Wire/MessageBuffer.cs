using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>
/// Serializes messages, each with the 5 bytes that go before it, one behind the other into pooled memory. Not for two threads at a time.
/// </summary>
internal sealed class MessageBuffer(int? maxMessageSize) : SerializationContext, IBufferWriter<byte>
{
    internal const int PrefixLength = 5;

    private byte[] _buffer = [];

    // Of the message that is being serialized.
    private int _start;
    private int _length;
    private bool _completed;

    /// <summary>Bytes of all messages with their prefixes.</summary>
    internal int Length => _length;

    /// <summary>All messages with their prefixes; valid until <see cref="Clear" /> or <see cref="Release" />.</summary>
    internal ReadOnlyMemory<byte> Messages => _buffer.AsMemory(0, _length);

    /// <summary>The message with its prefix; valid until <see cref="Release" />, which must follow also after an exception.</summary>
    internal ReadOnlyMemory<byte> Serialize<T>(T message, Action<T, SerializationContext> serializer)
    {
        _length = 0;
        Append(message, serializer, compression: null);
        return Messages;
    }

    /// <summary>Puts a message behind the others; after an exception they are as they were.</summary>
    internal void Append<T>(T message, Action<T, SerializationContext> serializer, MessageCompression? compression)
    {
        _start = _length;
        _length += PrefixLength;
        _completed = false;
        bool appended = false;
        try
        {
            serializer(message, this);
            if (!_completed)
            {
                throw new InvalidOperationException("The serializer did not complete the message.");
            }

            CheckSize(MessageLength);
            _buffer[_start] = 0;
            BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(_start + 1), (uint)MessageLength);
            if (compression is not null)
            {
                ReadOnlyMemory<byte> compressed = compression.Compress(_buffer.AsMemory(_start.._length));
                _length = _start;
                EnsureFree(compressed.Length);
                compressed.Span.CopyTo(_buffer.AsSpan(_start));
                _length += compressed.Length;
            }

            appended = true;
        }
        finally
        {
            if (!appended)
            {
                _length = _start;
            }
        }
    }

    /// <summary>Forgets the messages and keeps the memory.</summary>
    internal void Clear() => _length = 0;

    /// <summary>Forgets the messages and gives the memory back to the pool.</summary>
    internal void Release()
    {
        _length = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    public override void SetPayloadLength(int payloadLength)
    {
        CheckSize(payloadLength);
        EnsureFree(payloadLength);
    }

    public override IBufferWriter<byte> GetBufferWriter()
    {
        EnsureFree(0);
        return this;
    }

    public override void Complete() => _completed = true;

    public override void Complete(byte[] payload)
    {
        CheckSize(payload.Length);
        EnsureFree(payload.Length);
        payload.CopyTo(_buffer, _length);
        _length += payload.Length;
        _completed = true;
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_buffer.Length - _length), nameof(count));
        _length += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        EnsureFree(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_length);
    }

    private int MessageLength => _length - _start - PrefixLength;

    private void EnsureFree(int count)
    {
        int needed = checked(_length + count);
        if (needed <= _buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Min(_buffer.Length * 2, Array.MaxLength)));
        if (_buffer.Length > 0)
        {
            // Nothing may be behind the prefix yet, which is then not in the buffer either.
            _buffer.AsSpan(0, Math.Min(_length, _buffer.Length)).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private void CheckSize(int size)
    {
        if (size > maxMessageSize)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"Sending message exceeds the maximum configured message size. ({size} > {maxMessageSize} bytes)"));
        }
    }
}
