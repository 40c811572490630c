using System.Buffers;

namespace Grpc.Core;

/// <summary>Takes the bytes of one message from its marshaller.</summary>
public abstract class SerializationContext
{
    /// <summary>Gives the whole message as an array, which the context owns from then on.</summary>
    public virtual void Complete(byte[] payload) => throw new NotImplementedException();

    /// <summary>A writer for the message, to be followed by <see cref="Complete()" />.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw new NotImplementedException();

    /// <summary>Tells the length of the message in bytes before it is written.</summary>
    public virtual void SetPayloadLength(int payloadLength) => throw new NotImplementedException();

    /// <summary>The message is in the writer.</summary>
    public virtual void Complete() => throw new NotImplementedException();
}
