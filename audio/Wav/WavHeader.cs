using System.Buffers.Binary;

namespace Fleet.Audio;

/// <summary>Reads the chunks of a WAV file up to the first sample.</summary>
/// <param name="Format">How the samples are held.</param>
/// <param name="DataBytes">Bytes of audio that the header promises; null where it promises none that could be believed.</param>
internal readonly record struct WavHeader(WavFormat Format, long? DataBytes)
{
    // Far more than any writer makes; a file of chunks without end is no recording.
    private const int MaxChunks = 4_096;

    // Who writes to a pipe cannot know the size. ffmpeg writes this, sox and arecord nearly two gigabytes.
    private const uint UnknownFrom = 0x7FFF_0000;

    public static WavHeader Read(WavStream stream, string name)
    {
        Span<byte> riff = stackalloc byte[12];
        riff = riff[..stream.Read(riff)];
        var is64 = riff.StartsWith("RF64"u8) || riff.StartsWith("BW64"u8);
        if (riff.Length < 12 || !(is64 || riff.StartsWith("RIFF"u8)) || !riff[8..].SequenceEqual("WAVE"u8))
        {
            throw WavErrors.NotAWav(name, riff);
        }

        WavFormat? format = null;
        long? dataBytes64 = null;
        Span<byte> chunk = stackalloc byte[8];
        for (var chunks = 0; chunks < MaxChunks; chunks++)
        {
            if (stream.Read(chunk) < chunk.Length)
            {
                throw WavErrors.Damaged(name, format is null ? "it ends before the description of its format" : "it ends before the audio");
            }

            var size = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("data"u8))
            {
                var found = format ?? throw WavErrors.Damaged(name, "the audio comes before the description of its format");
                return new WavHeader(found, DataSize(stream, is64 && size == uint.MaxValue ? dataBytes64 : null, size));
            }

            if (chunk.StartsWith("fmt "u8))
            {
                format = ReadFormat(stream, name, size);
            }
            else if (is64 && chunk.StartsWith("ds64"u8) && size is >= 28 and <= WavFormat.MaxBytes)
            {
                dataBytes64 = ReadDataSize64(stream, name, (int)size);
            }
            else if (!stream.TrySkip(size))
            {
                throw WavErrors.Damaged(name, "it ends before the audio");
            }

            if ((size & 1) == 1)
            {
                SkipPadding(stream);
            }
        }

        throw WavErrors.Damaged(name, $"no audio comes within its first {MaxChunks} chunks");
    }

    /// <summary>Whether four bytes can be the name of a chunk: letters, digits, blanks.</summary>
    public static bool IsChunkId(ReadOnlySpan<byte> id)
    {
        foreach (var character in id)
        {
            if (!char.IsAsciiLetterOrDigit((char)character) && character is not ((byte)' ' or (byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        return id[0] != (byte)' ';
    }

    private static long? DataSize(WavStream stream, long? size64, uint size)
    {
        if (size64 is > 0)
        {
            return size64;
        }

        // A recorder that was killed or writes to a pipe leaves zero: the audio goes to the end, unless what follows is more chunks.
        if (size == 0)
        {
            return stream.Rest == 0 || stream.IsAtChunks() ? 0 : null;
        }

        return size >= UnknownFrom && (stream.Rest is null || size > stream.Rest) ? null : size;
    }

    private static WavFormat ReadFormat(WavStream stream, string name, uint size)
    {
        if (size > WavFormat.MaxBytes)
        {
            throw WavErrors.Damaged(name, $"the description of its format has {size} bytes");
        }

        Span<byte> bytes = stackalloc byte[(int)size];
        return stream.Read(bytes) == bytes.Length
            ? WavFormat.Parse(bytes, name)
            : throw WavErrors.Damaged(name, "it ends within the description of its format");
    }

    private static long ReadDataSize64(WavStream stream, string name, int size)
    {
        Span<byte> bytes = stackalloc byte[size];
        return stream.Read(bytes) == size
            ? BinaryPrimitives.ReadInt64LittleEndian(bytes[8..])
            : throw WavErrors.Damaged(name, "it ends before the audio");
    }

    /// <summary>A chunk of odd size is followed by one byte of padding, which some writers forget.</summary>
    private static void SkipPadding(WavStream stream)
    {
        Span<byte> next = stackalloc byte[5];
        next = next[..stream.Read(next)];
        if (next.IsEmpty)
        {
            return;
        }

        var isForgotten = next[0] != 0 && next.Length == 5 && IsChunkId(next[..4]) && !IsKnownId(next[1..]);
        stream.PutBack(isForgotten ? next : next[1..]);
    }

    private static bool IsKnownId(ReadOnlySpan<byte> id) =>
        id.SequenceEqual("data"u8) || id.SequenceEqual("fmt "u8) || id.SequenceEqual("LIST"u8) || id.SequenceEqual("fact"u8);
}
