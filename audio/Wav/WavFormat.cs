using System.Buffers.Binary;

namespace Fleet.Audio;

/// <summary>The description of the samples in a WAV file: its <c>fmt</c> chunk.</summary>
internal readonly record struct WavFormat(WavEncoding Encoding, int SampleRateHz, int Channels)
{
    public const int MaxBytes = 1024;

    private const int MinBytes = 16;
    private const int ExtensibleBytes = 40;
    private const ushort PcmTag = 1;
    private const ushort FloatTag = 3;
    private const ushort ExtensibleTag = 0xFFFE;
    private const ushort AmbisonicTail = 0x0721;

    /// <summary>Bytes of one sample of every channel.</summary>
    public int FrameBytes => WavSamples.Bytes(Encoding) * Channels;

    // The part of a WAVE_FORMAT_EXTENSIBLE GUID that follows the format tag.
    private static ReadOnlySpan<byte> SubformatTail => [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    /// <param name="bytes">The whole chunk without its header, at most <see cref="MaxBytes"/>.</param>
    /// <param name="name">Stands for the file in errors.</param>
    /// <exception cref="WavFormatException">It is not of a kind that Fleet reads, or contradicts itself.</exception>
    public static WavFormat Parse(ReadOnlySpan<byte> bytes, string name)
    {
        if (bytes.Length < MinBytes)
        {
            throw WavErrors.Damaged(name, $"the description of its format has only {bytes.Length} bytes");
        }

        var tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (tag == ExtensibleTag)
        {
            tag = ParseExtensible(bytes, bits, name);
        }

        var encoding = Encode(tag, bits, name);
        if (channels is 0)
        {
            throw WavErrors.Damaged(name, "it has 0 channels");
        }

        if (channels > 2)
        {
            throw WavErrors.TooManyChannels(name, channels);
        }

        if (rate is < Resampler.MinInputRateHz or > Resampler.MaxInputRateHz)
        {
            throw WavErrors.Unsupported(name, $"has {rate} samples a second");
        }

        var format = new WavFormat(encoding, (int)rate, channels);
        return blockAlign == format.FrameBytes
            ? format
            : throw WavErrors.Damaged(name, $"a frame of {channels} × {bits} bits cannot have {blockAlign} bytes");
    }

    private static WavEncoding Encode(ushort tag, ushort bits, string name) => (tag, bits) switch
    {
        (PcmTag, 8) => WavEncoding.Pcm8,

        // Fewer bits lie at the top of their two or three bytes: they read as if all were used.
        (PcmTag, > 8 and <= 16) => WavEncoding.Pcm16,
        (PcmTag, > 16 and <= 24) => WavEncoding.Pcm24,
        (PcmTag, > 24 and <= 32) => WavEncoding.Pcm32,
        (FloatTag, 32) => WavEncoding.Float32,
        (FloatTag, 64) => WavEncoding.Float64,
        (PcmTag, _) => throw WavErrors.Unsupported(name, $"holds {bits}-bit audio"),
        (FloatTag, _) => throw WavErrors.Unsupported(name, $"holds {bits}-bit floating-point audio"),
        _ => throw WavErrors.Unsupported(name, $"holds {TagName(tag)} audio"),
    };

    private static ushort ParseExtensible(ReadOnlySpan<byte> bytes, ushort bits, string name)
    {
        if (bytes.Length < ExtensibleBytes)
        {
            throw WavErrors.Damaged(name, $"the description of its extensible format has only {bytes.Length} bytes");
        }

        var validBits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        var tail = bytes[26..40];
        if (!tail.SequenceEqual(SubformatTail))
        {
            throw WavErrors.Unsupported(
                name,
                BinaryPrimitives.ReadUInt16LittleEndian(tail[2..]) == AmbisonicTail ? "holds Ambisonic audio" : "holds audio of an unknown kind");
        }

        return validBits <= bits
            ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..])
            : throw WavErrors.Damaged(name, $"{bits} bits cannot hold {validBits}");
    }

    private static string TagName(ushort tag) => tag switch
    {
        6 => "A-law",
        7 => "µ-law",
        2 => "ADPCM (Microsoft)",
        17 => "ADPCM (IMA)",
        49 => "GSM 6.10",
        80 or 85 => "MPEG (MP3)",
        255 or 0x1600 or 0x1601 => "AAC",
        _ => $"compressed (format {tag})",
    };
}
