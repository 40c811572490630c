namespace Fleet.Audio.Onnx;

/// <summary>One dimension of a shape: a length, or a name when it is known at run time only. Numbers and texts become one by themselves.</summary>
public readonly record struct OnnxDimension
{
    private OnnxDimension(long length, string? name) => (Length, Name) = (length, name);

    /// <summary>The length; 0 when <see cref="Name"/> stands for it.</summary>
    public long Length { get; }

    /// <summary>Null when the length is known.</summary>
    public string? Name { get; }

    /// <summary>A known length.</summary>
    public static implicit operator OnnxDimension(long length) => FromInt64(length);

    /// <summary>A length that is known at run time only.</summary>
    public static implicit operator OnnxDimension(string name) => FromString(name);

    /// <summary>A known length.</summary>
    public static OnnxDimension FromInt64(long length) => new(length, null);

    /// <summary>A length that is known at run time only.</summary>
    public static OnnxDimension FromString(string name) => new(0, name);
}
