using System.Buffers.Binary;
using System.Numerics;

namespace Fleet.Benchmarks.Ingest;

/// <summary>The audio of every utterance of a run, with its checksum.</summary>
internal sealed class DeviceAudio
{
    public const int BytesPerSecond = 32_000;

    public DeviceAudio(int lengthBytes)
    {
        var pcm = new byte[lengthBytes];
        // Speech does not compress either.
        new Random(1).NextBytes(pcm);
        Pcm = pcm;
        Crc32C = Checksum(pcm);
    }

    public ReadOnlyMemory<byte> Pcm { get; }

    public uint Crc32C { get; }

    internal static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
