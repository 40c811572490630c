namespace Grpc.Core;

/// <summary>Turns messages into bytes and back.</summary>
public class Marshaller<T>
{
    private readonly Func<T, byte[]>? _serializer;
    private readonly Func<byte[], T>? _deserializer;

    /// <summary>Creates a marshaller that works on arrays.</summary>
    public Marshaller(Func<T, byte[]> serializer, Func<byte[], T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        _serializer = serializer;
        _deserializer = deserializer;
        ContextualSerializer = (value, context) => context.Complete(serializer(value));
        ContextualDeserializer = context => deserializer(context.PayloadAsNewBuffer());
    }

    /// <summary>Creates a marshaller that works on the buffers of the call.</summary>
    public Marshaller(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        ArgumentNullException.ThrowIfNull(deserializer);
        ContextualSerializer = serializer;
        ContextualDeserializer = deserializer;
    }

    /// <summary>Message to array; only of a marshaller that was created with such a function.</summary>
    public Func<T, byte[]> Serializer => _serializer ?? throw NotOnArrays();

    /// <summary>Array to message; only of a marshaller that was created with such a function.</summary>
    public Func<byte[], T> Deserializer => _deserializer ?? throw NotOnArrays();

    /// <summary>Message to bytes.</summary>
    public Action<T, SerializationContext> ContextualSerializer { get; }

    /// <summary>Bytes to message.</summary>
    public Func<DeserializationContext, T> ContextualDeserializer { get; }

    private static NotImplementedException NotOnArrays() => new("The marshaller works on contexts, not on arrays.");
}
