namespace Fleet.Audio.Keywords;

/// <summary>One field of a protobuf message, as ONNX files are made of: its number, and its number (varint) or bytes.</summary>
internal readonly record struct WireField(int Number, int WireType, ulong Varint, ReadOnlyMemory<byte> Bytes)
{
    public const int VarintType = 0;
    public const int BytesType = 2;
    private const int Fixed64Type = 1;
    private const int Fixed32Type = 5;

    /// <exception cref="InvalidDataException">The message is cut off or no protobuf.</exception>
    public static IReadOnlyList<WireField> Parse(ReadOnlyMemory<byte> message)
    {
        var fields = new List<WireField>();
        while (!message.IsEmpty)
        {
            var tag = TakeVarint(ref message);
            var (number, type) = ((int)(tag >> 3), (int)(tag & 7));
            fields.Add(type switch
            {
                VarintType => new WireField(number, type, TakeVarint(ref message), default),
                BytesType => new WireField(number, type, 0, Take(ref message, TakeVarint(ref message))),
                Fixed64Type => new WireField(number, type, 0, Take(ref message, 8)),
                Fixed32Type => new WireField(number, type, 0, Take(ref message, 4)),
                _ => throw new InvalidDataException($"It is no ONNX file: field {number} has the unknown type {type}."),
            });
        }

        return fields;
    }

    public void WriteTo(MemoryStream output)
    {
        WriteVarint(output, ((ulong)Number << 3) | (uint)WireType);
        if (WireType == VarintType)
        {
            WriteVarint(output, Varint);
            return;
        }

        if (WireType == BytesType)
        {
            WriteVarint(output, (ulong)Bytes.Length);
        }

        output.Write(Bytes.Span);
    }

    public static WireField Of(int number, ReadOnlyMemory<byte> bytes) => new(number, BytesType, 0, bytes);

    public static WireField Of(int number, ulong value) => new(number, VarintType, value, default);

    public static byte[] Join(IEnumerable<WireField> fields)
    {
        using var output = new MemoryStream();
        foreach (var field in fields)
        {
            field.WriteTo(output);
        }

        return output.ToArray();
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, ulong length)
    {
        if (length > (ulong)message.Length)
        {
            throw new InvalidDataException("The file is cut off.");
        }

        var taken = message[..(int)length];
        message = message[(int)length..];
        return taken;
    }

    private static ulong TakeVarint(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (var i = 0; i < 10; i++)
        {
            var part = Take(ref message, 1).Span[0];
            value |= (ulong)(part & 127) << (7 * i);
            if (part < 128)
            {
                return value;
            }
        }

        throw new InvalidDataException("It is no ONNX file: a number has more than ten bytes.");
    }

    private static void WriteVarint(MemoryStream output, ulong value)
    {
        for (; value > 127; value >>= 7)
        {
            output.WriteByte((byte)(value | 128));
        }

        output.WriteByte((byte)value);
    }
}
