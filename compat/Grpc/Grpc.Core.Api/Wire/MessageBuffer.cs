using System.Buffers;
using System.Buffers.Binary;

namespace Grpc.Core.Wire;

/// <summary>
/// Serializes one message after the other, each with the 5 bytes that go before it, into pooled memory. Not for two messages at a time.
/// </summary>
internal sealed class MessageBuffer(int? maxMessageSize) : SerializationContext, IBufferWriter<byte>
{
    internal const int PrefixLength = 5;

    private byte[] _buffer = [];
    private int _length;
    private bool _completed;

    /// <summary>The message with its prefix; valid until <see cref="Release" />, which must follow also after an exception.</summary>
    internal ReadOnlyMemory<byte> Serialize<T>(T message, Action<T, SerializationContext> serializer)
    {
        _length = PrefixLength;
        _completed = false;
        serializer(message, this);
        if (!_completed)
        {
            throw new InvalidOperationException("The serializer did not complete the message.");
        }

        CheckSize(_length - PrefixLength);
        _buffer[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(1), (uint)(_length - PrefixLength));
        return _buffer.AsMemory(0, _length);
    }

    /// <summary>Gives the memory back to the pool.</summary>
    internal void Release()
    {
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
            _buffer.AsSpan(0, _length).CopyTo(larger);
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
