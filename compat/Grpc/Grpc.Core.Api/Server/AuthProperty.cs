using System.Text;

namespace Grpc.Core;

/// <summary>One thing that the transport knows about a peer.</summary>
public class AuthProperty
{
    private readonly byte[] _value;

    private AuthProperty(string name, byte[] value)
    {
        Name = name;
        _value = value;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>The value as a text.</summary>
    public string Value => Encoding.UTF8.GetString(_value);

    /// <summary>The value as bytes.</summary>
    public byte[] ValueBytes => [.. _value];

    /// <summary>Creates a property; the value is copied.</summary>
    public static AuthProperty Create(string name, byte[] valueBytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valueBytes);
        return new AuthProperty(name, [.. valueBytes]);
    }
}
