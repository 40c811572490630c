using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>
/// The container of agents before version 2, which is read and no longer written (docs/spool.md). A file without a valid trailer was cut
/// short: by a power cut, a kill, a full disk.
/// </summary>
internal static class SpoolFormatV1
{
    public const int TrailerLength = 28;

    private const int FixedHeaderLength = 16;

    public static ReadOnlySpan<byte> HeaderMagic => "FLTUTT1\n"u8;

    private static ReadOnlySpan<byte> TrailerMagic => "FLTEND1\n"u8;

    public static SpoolHeaderRead ReadHeader(ReadOnlySpan<byte> file, out SpoolHeader? header)
    {
        header = null;
        if (file.Length < FixedHeaderLength)
        {
            return SpoolHeaderRead.Torn;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
        if (length is < 0 or > SpoolFormat.MaxStartLength)
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
            header = new SpoolHeader { Version = 1, Start = UtteranceStart.Parser.ParseFrom(message), Length = FixedHeaderLength + length };
            return SpoolHeaderRead.Valid;
        }
        catch (InvalidProtocolBufferException)
        {
            return SpoolHeaderRead.Corrupt;
        }
    }

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

    public static void WriteTrailer(Span<byte> trailer, SpoolTrailer values)
    {
        TrailerMagic.CopyTo(trailer);
        BinaryPrimitives.WriteInt64LittleEndian(trailer[8..], values.LengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[16..], values.Crc32C);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[20..], (int)values.Reason);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[24..], Crc32C.Of(trailer[..24]));
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
