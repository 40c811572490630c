using System.Buffers.Binary;

namespace Fleet.Audio;

/// <summary>Reads the chunks of a WAV file up to the first sample.</summary>
internal readonly record struct WavHeader(int SampleRateHz, int Channels, long DataBytes)
{
    /// <summary>What recorders that write to a pipe put into the size: they cannot know it. The data then goes to the end of the file.</summary>
    public const uint UnknownSize = 0xFFFF_FFFF;

    private const int MinSampleRateHz = 8_000;
    private const int MaxSampleRateHz = 48_000;
    private const ushort PcmTag = 1;
    private const ushort ExtensibleTag = 0xFFFE;

    // The part of a WAVE_FORMAT_EXTENSIBLE GUID that follows the format tag.
    private static ReadOnlySpan<byte> SubformatTail => [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    public static WavHeader Read(Stream stream, string name)
    {
        Span<byte> riff = stackalloc byte[12];
        var read = stream.ReadAtLeast(riff, riff.Length, throwOnEndOfStream: false);
        if (read < riff.Length || !riff[..4].SequenceEqual("RIFF"u8) || !riff[8..].SequenceEqual("WAVE"u8))
        {
            throw Unsupported(name, "is not a WAV file");
        }

        (int SampleRateHz, int Channels)? format = null;
        Span<byte> chunk = stackalloc byte[8];
        while (true)
        {
            read = stream.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
            if (read < chunk.Length)
            {
                throw Damaged(name, format is null ? "it ends before the description of its format" : "it ends before the audio");
            }

            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk[..4].SequenceEqual("data"u8))
            {
                var (rate, channels) = format ?? throw Damaged(name, "the audio comes before the description of its format");
                return new WavHeader(rate, channels, size == UnknownSize ? -1 : size);
            }

            if (chunk[..4].SequenceEqual("fmt "u8))
            {
                format = ReadFormat(stream, name, size);
            }
            else
            {
                Skip(stream, name, size + (long)(size & 1));
            }
        }
    }

    public static WavFormatException Unsupported(string name, string what) => new(
        $"'{name}' {what}. Fleet reads WAV files with 16-bit PCM, {MinSampleRateHz} to {MaxSampleRateHz} Hz, mono or stereo; "
        + "convert it with: ffmpeg -i INPUT -c:a pcm_s16le -ac 1 -ar 16000 OUTPUT.wav");

    public static WavFormatException Damaged(string name, string what) => new(
        $"'{name}' is damaged: {what}. Copy or record it again, or save what is there with: ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav");

    private static (int SampleRateHz, int Channels) ReadFormat(Stream stream, string name, uint size)
    {
        if (size is < 16 or > 1024)
        {
            throw Damaged(name, $"the description of its format has {size} bytes");
        }

        Span<byte> bytes = stackalloc byte[1026];
        bytes = bytes[..(int)(size + (size & 1))];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Damaged(name, "it ends within the description of its format");
        }

        var tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var blockAlign = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
        if (tag == ExtensibleTag)
        {
            if (size < 40)
            {
                throw Damaged(name, $"the description of its extensible format has only {size} bytes");
            }

            var validBits = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
            tag = BinaryPrimitives.ReadUInt16LittleEndian(bytes[24..]);
            if (!bytes[26..40].SequenceEqual(SubformatTail) || (validBits != bits && validBits != 0))
            {
                throw Unsupported(name, $"holds {validBits}-bit audio of an unknown kind");
            }
        }

        if (tag != PcmTag || bits != 16)
        {
            throw Unsupported(name, tag == PcmTag ? $"holds {bits}-bit audio" : $"holds {TagName(tag)} audio");
        }

        if (channels is not (1 or 2))
        {
            throw Unsupported(name, $"has {channels} channels");
        }

        if (rate is < MinSampleRateHz or > MaxSampleRateHz)
        {
            throw Unsupported(name, $"has {rate} samples a second");
        }

        return blockAlign == channels * sizeof(short)
            ? ((int)rate, channels)
            : throw Damaged(name, $"a frame of {channels} × 16 bits cannot have {blockAlign} bytes");
    }

    private static void Skip(Stream stream, string name, long bytes)
    {
        Span<byte> buffer = stackalloc byte[1024];
        while (bytes > 0)
        {
            var read = stream.Read(buffer[..(int)Math.Min(bytes, buffer.Length)]);
            if (read == 0)
            {
                throw Damaged(name, "it ends before the audio");
            }

            bytes -= read;
        }
    }

    private static string TagName(ushort tag) => tag switch
    {
        3 => "floating-point",
        6 => "A-law",
        7 => "µ-law",
        2 or 17 => "ADPCM",
        85 => "MP3",
        _ => $"compressed (format {tag})",
    };
}
