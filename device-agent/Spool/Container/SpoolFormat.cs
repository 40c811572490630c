using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>
/// The container of one utterance on disk, version 2 (docs/spool.md). Numbers are little endian, ids as in RFC 9562.
/// <code>
/// header    0  8  "FLTUTT2\n"
///           8  4  length of header and marks: where the audio begins
///          12  4  1 = encrypted, 0 = not
///          16  8  sequence number
///          24 16  utterance id
///          40 16  utterance id whose place it took, or zeros
///          56 16  boot id of the machine, or zeros
///          72  8  the spool's own clock, in milliseconds
///          80  8  id of the key, or zero
///          88 16  nonce, or zeros
///         104  4  length n of the start message
///         108  n  fleet.v1.UtteranceStart (encrypted)
///     108 + n  4  CRC-32C of the bytes before
/// marks        2 x 16: length of audio that was flushed (8; the highest bit: no audio follows), CRC-32C of its bytes in the file (4),
///              CRC-32C of the 12 bytes before
/// audio           signed 16-bit PCM (encrypted)
/// trailer   0  8  "FLTEND2\n"
///           8  8  length of the audio in bytes
///          16  4  CRC-32C of the PCM (encrypted)
///          20  4  fleet.v1.UtteranceEnd.Reason
///          24 32  HMAC-SHA-256 of the header without marks, the audio in the file, and bytes 0 to 23 of the trailer; zeros when not encrypted
///          56  4  CRC-32C of the bytes before
/// </code>
/// A file without a valid trailer was cut short: by a power cut, a kill, a full disk.
/// </summary>
internal static class SpoolFormat
{
    public const string Extension = ".utterance";
    public const int TrailerLength = 60;
    public const int MaxStartLength = 64 * 1024;
    public const int Marks = 2;
    public const int MarkLength = 16;
    public const int MacOffset = 24;

    private const int FixedLength = 108;
    private const int CrcLength = 4;
    private const int Encrypted = 1;

    /// <summary>Bytes that the largest header takes; what a reader should read first.</summary>
    public const int LongestHeader = FixedLength + MaxStartLength + CrcLength + (Marks * MarkLength);

    private static ReadOnlySpan<byte> HeaderMagic => "FLTUTT2\n"u8;

    public static ReadOnlySpan<byte> TrailerMagic => "FLTEND2\n"u8;

    /// <summary>Names sort in the order in which the utterances were spoken.</summary>
    public static string FileName(UtteranceStart start) => $"{start.SequenceNumber:D20}-{start.UtteranceId}{Extension}";

    /// <summary>A header for a new container, and its bytes with empty marks. Without a key nothing is encrypted.</summary>
    public static (SpoolHeader Header, byte[] Bytes) CreateHeader(UtteranceStart start, SpoolKey? key, Guid bootId, TimeSpan bornAt, Guid replaces = default)
    {
        var message = start.ToByteArray();
        var length = FixedLength + message.Length + CrcLength + (Marks * MarkLength);
        var bytes = new byte[length];
        HeaderMagic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), start.SequenceNumber);
        Guid.ParseExact(start.UtteranceId, "D").TryWriteBytes(bytes.AsSpan(24), bigEndian: true, out _);
        replaces.TryWriteBytes(bytes.AsSpan(40), bigEndian: true, out _);
        bootId.TryWriteBytes(bytes.AsSpan(56), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(72), (long)bornAt.TotalMilliseconds);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(104), message.Length);
        message.CopyTo(bytes, FixedLength);
        if (key is not null)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), Encrypted);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(80), key.Id);
            var nonce = bytes.AsSpan(88, FileKeys.NonceLength);
            RandomNumberGenerator.Fill(nonce);
            using var cipher = key.For(nonce).Cipher(StreamKind.Start);
            cipher.Transform(bytes.AsSpan(FixedLength, message.Length), 0);
        }

        var covered = FixedLength + message.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(covered), Crc32C.Of(bytes.AsSpan(0, covered)));
        return (Describe(bytes, start, covered), bytes);
    }

    /// <summary>Reads a header of any version. <paramref name="header"/> is there when it is valid or was written with another key.</summary>
    public static SpoolHeaderRead ReadHeader(ReadOnlySpan<byte> file, SpoolKey? key, out SpoolHeader? header)
    {
        header = null;
        if (file.StartsWith(SpoolFormatV1.HeaderMagic))
        {
            return SpoolFormatV1.ReadHeader(file, out header);
        }

        if (!HeaderMagic.StartsWith(file[..Math.Min(file.Length, HeaderMagic.Length)]))
        {
            return SpoolFormatV1.HeaderMagic.StartsWith(file) ? SpoolHeaderRead.Torn : SpoolHeaderRead.Corrupt;
        }

        if (file.Length < FixedLength)
        {
            return SpoolHeaderRead.Torn;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(file[104..]);
        if (length is < 0 or > MaxStartLength
            || BinaryPrimitives.ReadInt32LittleEndian(file[8..]) != FixedLength + length + CrcLength + (Marks * MarkLength))
        {
            return SpoolHeaderRead.Corrupt;
        }

        var covered = FixedLength + length;
        if (file.Length < covered + CrcLength + (Marks * MarkLength))
        {
            return SpoolHeaderRead.Torn;
        }

        return Crc32C.Of(file[..covered]) == BinaryPrimitives.ReadUInt32LittleEndian(file[covered..])
            ? ReadStart(file, covered, key, out header)
            : SpoolHeaderRead.Corrupt;
    }

    /// <summary>The marks in the beginning of a file, the newest first.</summary>
    public static IReadOnlyList<SpoolMark> ReadMarks(ReadOnlySpan<byte> file, SpoolHeader header)
    {
        var marks = new List<SpoolMark>(Marks);
        for (var slot = 0; slot < Marks && header.Version > 1; slot++)
        {
            var mark = file.Slice(MarkOffset(header, slot), MarkLength);
            if (Crc32C.Of(mark[..12]) == BinaryPrimitives.ReadUInt32LittleEndian(mark[12..]))
            {
                var length = BinaryPrimitives.ReadInt64LittleEndian(mark);
                marks.Add(new SpoolMark(length & long.MaxValue, BinaryPrimitives.ReadUInt32LittleEndian(mark[8..]), IsEnd: length < 0));
            }
        }

        return [.. marks.OrderByDescending(mark => mark.LengthBytes).ThenByDescending(mark => mark.IsEnd)];
    }

    public static void WriteMark(Span<byte> mark, SpoolMark values)
    {
        BinaryPrimitives.WriteInt64LittleEndian(mark, values.IsEnd ? values.LengthBytes | long.MinValue : values.LengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(mark[8..], values.Crc32C);
        BinaryPrimitives.WriteUInt32LittleEndian(mark[12..], Crc32C.Of(mark[..12]));
    }

    /// <summary>The slots are used in turn: a mark that is torn leaves the one before it.</summary>
    public static int MarkOffset(SpoolHeader header, int slot) => header.Length - ((Marks - slot) * MarkLength);

    /// <summary>All but the authentication code and the checksum.</summary>
    public static void WriteTrailer(Span<byte> trailer, SpoolTrailer values, FileKeys? keys)
    {
        TrailerMagic.CopyTo(trailer);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[8..], values.LengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[16..], values.Crc32C);
        using var cipher = keys?.Cipher(StreamKind.Trailer);
        cipher?.Transform(trailer.Slice(16, 4), 0);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[20..], (int)values.Reason);
    }

    public static void CloseTrailer(Span<byte> trailer) =>
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[56..], Crc32C.Of(trailer[..56]));

    public static bool TryReadTrailer(ReadOnlySpan<byte> trailer, FileKeys? keys, [NotNullWhen(true)] out SpoolTrailer? values)
    {
        values = null;
        if (trailer.Length != TrailerLength || !trailer.StartsWith(TrailerMagic)
            || Crc32C.Of(trailer[..56]) != BinaryPrimitives.ReadUInt32LittleEndian(trailer[56..]))
        {
            return false;
        }

        Span<byte> crc = stackalloc byte[4];
        trailer.Slice(16, 4).CopyTo(crc);
        using var cipher = keys?.Cipher(StreamKind.Trailer);
        cipher?.Transform(crc, 0);
        values = new SpoolTrailer(
            BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(crc),
            (UtteranceEnd.Types.Reason)BinaryPrimitives.ReadInt32LittleEndian(trailer[20..]));
        return true;
    }

    private static SpoolHeaderRead ReadStart(ReadOnlySpan<byte> file, int covered, SpoolKey? key, out SpoolHeader? header)
    {
        var known = new UtteranceStart
        {
            SequenceNumber = BinaryPrimitives.ReadUInt64LittleEndian(file[16..]),
            UtteranceId = new Guid(file.Slice(24, 16), bigEndian: true).ToString("D"),
        };
        header = Describe(file, known, covered);
        var message = file[FixedLength..covered].ToArray();
        if (header.IsEncrypted)
        {
            if (key is null || key.Id != BinaryPrimitives.ReadUInt64LittleEndian(file[80..]))
            {
                return SpoolHeaderRead.OtherKey;
            }

            using var cipher = key.For(header.Nonce.Span).Cipher(StreamKind.Start);
            cipher.Transform(message, 0);
        }

        try
        {
            var start = UtteranceStart.Parser.ParseFrom(message);
            if (start.SequenceNumber == known.SequenceNumber && start.UtteranceId == known.UtteranceId)
            {
                header = header with { Start = start };
                return SpoolHeaderRead.Valid;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // As with a message that is about another utterance.
        }

        header = null;
        return SpoolHeaderRead.Corrupt;
    }

    private static SpoolHeader Describe(ReadOnlySpan<byte> bytes, UtteranceStart start, int covered) => new()
    {
        Version = 2,
        Start = start,
        Length = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]),
        Authenticated = bytes[..(covered + CrcLength)].ToArray(),
        IsEncrypted = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) == Encrypted,
        Nonce = bytes.Slice(88, FileKeys.NonceLength).ToArray(),
        Replaces = new Guid(bytes.Slice(40, 16), bigEndian: true),
        BootId = new Guid(bytes.Slice(56, 16), bigEndian: true),
        BornAt = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt64LittleEndian(bytes[72..])),
    };
}
