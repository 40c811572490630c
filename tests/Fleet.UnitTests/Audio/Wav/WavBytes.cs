using System.Buffers.Binary;
using System.Text;

namespace Fleet.UnitTests.Audio.Wav;

/// <summary>Builds WAV files, right and wrong ones.</summary>
public sealed record WavBytes
{
    public ushort Tag { get; init; } = 1;

    public ushort Channels { get; init; } = 1;

    public uint SampleRateHz { get; init; } = 16_000;

    public ushort Bits { get; init; } = 16;

    public ushort? BlockAlign { get; init; }

    /// <summary>The format tag within WAVE_FORMAT_EXTENSIBLE, if the file is of that kind.</summary>
    public ushort? ExtensibleTag { get; init; }

    public ushort ValidBits { get; init; } = 16;

    /// <summary>Size of a LIST chunk between format and audio; odd ones are padded, as the format wants.</summary>
    public int? ListBytes { get; init; }

    public byte[] Data { get; init; } = [];

    /// <summary>The size that the header promises, when it is not that of the data.</summary>
    public uint? PromisedBytes { get; init; }

    public byte[] Tail { get; init; } = [];

    public static byte[] Samples(params short[] samples)
    {
        var bytes = new byte[samples.Length * 2];
        for (var i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(2 * i), samples[i]);
        }

        return bytes;
    }

    public byte[] Build()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Chunk(writer, "RIFF", 0xFFFF);
        writer.Write("WAVE"u8);
        Chunk(writer, "fmt ", ExtensibleTag is null ? 16u : 40u);
        var blockAlign = BlockAlign ?? (ushort)(Channels * Bits / 8);
        writer.Write(ExtensibleTag is null ? Tag : (ushort)0xFFFE);
        writer.Write(Channels);
        writer.Write(SampleRateHz);
        writer.Write(SampleRateHz * blockAlign);
        writer.Write(blockAlign);
        writer.Write(Bits);
        if (ExtensibleTag is { } tag)
        {
            writer.Write((ushort)22);
            writer.Write(ValidBits);
            writer.Write(3u);
            writer.Write(tag);
            writer.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }

        if (ListBytes is { } size)
        {
            Chunk(writer, "LIST", (uint)size);
            writer.Write(new byte[size + (size & 1)]);
        }

        Chunk(writer, "data", PromisedBytes ?? (uint)Data.Length);
        writer.Write(Data);
        writer.Write(Tail);
        return stream.ToArray();
    }

    private static void Chunk(BinaryWriter writer, string id, uint size)
    {
        writer.Write(Encoding.ASCII.GetBytes(id));
        writer.Write(size);
    }
}
