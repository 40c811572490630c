using System.Buffers;

namespace Grpc.Core.Wire;

/// <summary>Shows one message after the other to its deserializer without a copy.</summary>
internal sealed class SequenceDeserializationContext : DeserializationContext
{
    private ReadOnlySequence<byte> _payload;

    public override int PayloadLength => (int)_payload.Length;

    public override byte[] PayloadAsNewBuffer() => _payload.ToArray();

    public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _payload;

    internal void Set(ReadOnlySequence<byte> payload) => _payload = payload;
}
