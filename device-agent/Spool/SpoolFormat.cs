using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.DeviceAgent.Spool;

/// <summary>
/// The container of one utterance on disk (docs/spool.md). Numbers are little endian.
/// <code>
/// header    0  8  "FLTUTT1\n"
///           8  4  length n of the start message
///          12  4  CRC-32C of the start message
///          16  n  fleet.v1.UtteranceStart: ids, sequence number, time, format, trigger, source
/// audio           signed 16-bit PCM
/// trailer   0  8  "FLTEND1\n"
///           8  8  length of the audio in bytes
///          16  4  CRC-32C of the audio
///          20  4  fleet.v1.UtteranceEnd.Reason
///          24  4  CRC-32C of bytes 0 to 23 of the trailer
/// </code>
/// A file without a valid trailer was cut short: by a power cut, a kill, a full disk.
/// </summary>
internal static class SpoolFormat
{
    public const string Extension = ".utterance";
    public const int TrailerLength = 28;

    private const int FixedHeaderLength = 16;
    private const int MaxStartLength = 64 * 1024;

    private static ReadOnlySpan<byte> HeaderMagic => "FLTUTT1\n"u8;

    private static ReadOnlySpan<byte> TrailerMagic => "FLTEND1\n"u8;

    /// <summary>Names sort in the order in which the utterances were spoken.</summary>
    public static string FileName(UtteranceStart start) => $"{start.SequenceNumber:D20}-{start.UtteranceId}{Extension}";

    public static byte[] Header(UtteranceStart start)
    {
        var message = start.ToByteArray();
        var header = new byte[FixedHeaderLength + message.Length];
        HeaderMagic.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Crc32C.Of(message));
        message.CopyTo(header, FixedHeaderLength);
        return header;
    }

    public static void WriteTrailer(Span<byte> trailer, SpoolTrailer values)
    {
        TrailerMagic.CopyTo(trailer);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[8..], values.LengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[16..], values.Crc32C);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[20..], (int)values.Reason);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[24..], Crc32C.Of(trailer[..24]));
    }

    public static SpoolHeaderRead ReadHeader(ReadOnlySpan<byte> file, out UtteranceStart? start, out int headerLength)
    {
        start = null;
        headerLength = 0;
        if (file.Length < FixedHeaderLength)
        {
            return SpoolHeaderRead.Torn;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
        if (!file.StartsWith(HeaderMagic) || length is < 0 or > MaxStartLength)
        {
            return SpoolHeaderRead.Corrupt;
        }

        if (file.Length - FixedHeaderLength < length)
        {
            return SpoolHeaderRead.Torn;
        }

        var message = file.Slice(FixedHeaderLength, length);
        if (Crc32C.Of(message) != BinaryPrimitives.ReadUInt32LittleEndian(file[12..]))
        {
            return SpoolHeaderRead.Corrupt;
        }

        try
        {
            start = UtteranceStart.Parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            return SpoolHeaderRead.Corrupt;
        }

        headerLength = FixedHeaderLength + length;
        return SpoolHeaderRead.Valid;
    }

    /// <summary>Bytes that the largest header takes; what a reader should read first.</summary>
    public static int LongestHeader => FixedHeaderLength + MaxStartLength;

    public static bool TryReadTrailer(ReadOnlySpan<byte> trailer, [NotNullWhen(true)] out SpoolTrailer? values)
    {
        values = null;
        if (trailer.Length != TrailerLength || !trailer.StartsWith(TrailerMagic)
            || Crc32C.Of(trailer[..24]) != BinaryPrimitives.ReadUInt32LittleEndian(trailer[24..]))
        {
            return false;
        }

        values = new SpoolTrailer(
            BinaryPrimitives.ReadInt64LittleEndian(trailer[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(trailer[16..]),
            (UtteranceEnd.Types.Reason)BinaryPrimitives.ReadInt32LittleEndian(trailer[20..]));
        return true;
    }

    /// <summary>
    /// Length of the audio in a file whose trailer was not, or not completely, written. <paramref name="tail"/> is the end of the file, at
    /// most <see cref="TrailerLength"/> bytes: a trailer that begins in it is not audio.
    /// </summary>
    public static long TornAudioLength(long bytesAfterHeader, ReadOnlySpan<byte> tail)
    {
        for (var i = 0; i <= tail.Length - 2; i++)
        {
            var rest = tail[i..];
            if (TrailerMagic.StartsWith(rest[..Math.Min(rest.Length, TrailerMagic.Length)]))
            {
                bytesAfterHeader -= rest.Length;
                break;
            }
        }

        return bytesAfterHeader & ~1L;
    }
}
