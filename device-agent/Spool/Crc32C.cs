using System.Buffers.Binary;
using System.Numerics;

namespace Fleet.DeviceAgent.Spool;

/// <summary>CRC-32C (Castagnoli), in the processor's own instruction where it has one.</summary>
internal struct Crc32C
{
    private uint _register;

    public Crc32C()
    {
        _register = uint.MaxValue;
    }

    public readonly uint Value => ~_register;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = new Crc32C();
        crc.Append(bytes);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var register = _register;
        while (bytes.Length >= sizeof(ulong))
        {
            register = BitOperations.Crc32C(register, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            register = BitOperations.Crc32C(register, value);
        }

        _register = register;
    }
}
