using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Fleet.V1;
using Google.Protobuf;

namespace Fleet.DeviceAgent.Spool.Losses;

/// <summary>
/// A loss on disk (docs/spool.md). The name alone says what matters, so that a disk without room for a single byte of content keeps it;
/// the content is a <c>fleet.v1.UtteranceLost</c> with its checksum.
/// </summary>
internal static class LossFile
{
    public const string Extension = ".lost";
    public const int MaxLength = 16 * 1024;

    private const int FixedLength = 16;
    private const int NumberLength = 20;
    private const int IdLength = 36;
    private const int MaxDetailLength = 256;

    private static readonly (UtteranceLost.Types.Reason Reason, string Word, string Detail)[] _reasons =
    [
        (UtteranceLost.Types.Reason.SpoolFull, "spool-full", "The spool was full, and this was the oldest in it."),
        (UtteranceLost.Types.Reason.Expired, "expired", "It waited longer than the spool keeps anything."),
        (UtteranceLost.Types.Reason.Damaged, "damaged", "The disk gave back something else than was written."),
        (UtteranceLost.Types.Reason.Disk, "disk", "The disk did not take it."),
        (UtteranceLost.Types.Reason.Rejected, "rejected", "The cloud rejected it for good."),
    ];

    private static ReadOnlySpan<byte> Magic => "FLTLOST1"u8;

    /// <summary>Names sort in the order in which the utterances were spoken.</summary>
    public static string NameOf(SpoolLoss loss) => string.Create(
        CultureInfo.InvariantCulture,
        $"{loss.SequenceNumber:D20}-{loss.UtteranceId}-{_reasons.First(known => known.Reason == loss.Reason).Word}-{loss.LengthBytes}{Extension}");

    public static byte[] ContentOf(SpoolLoss loss)
    {
        var message = new UtteranceLost
        {
            UtteranceId = loss.UtteranceId,
            SequenceNumber = loss.SequenceNumber,
            StartedAtUnixMs = loss.StartedAtUnixMs,
            Clock = loss.Clock,
            Trigger = loss.Trigger,
            Reason = loss.Reason,
            Detail = loss.Detail,
            LengthBytes = (ulong)loss.LengthBytes,
        }.ToByteArray();
        var content = new byte[FixedLength + message.Length];
        Magic.CopyTo(content);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(8), message.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(12), Crc32C.Of(message));
        message.CopyTo(content, FixedLength);
        return content;
    }

    /// <summary>What the name says, with what the content adds where that is whole.</summary>
    public static bool TryRead(string name, ReadOnlySpan<byte> content, [NotNullWhen(true)] out SpoolLoss? loss)
    {
        loss = null;
        if (!name.EndsWith(Extension, StringComparison.Ordinal) || !TryReadNumberAndId(name, out var number, out var id))
        {
            return false;
        }

        var rest = name[(NumberLength + 1 + IdLength)..^Extension.Length].TrimStart('-');
        var dash = rest.LastIndexOf('-');
        var known = _reasons.FirstOrDefault(reason => dash > 0 && reason.Word == rest[..dash]);
        if (known.Word is null || !long.TryParse(rest.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return false;
        }

        loss = ReadContent(content) is { } message && message.UtteranceId == id && message.SequenceNumber == number
            ? new SpoolLoss(id, number, message.StartedAtUnixMs, message.Clock, message.Trigger, known.Reason, message.Detail, length)
            : new SpoolLoss(id, number, TimeOf(id), Clock.Unspecified, Trigger.Unspecified, known.Reason, known.Detail, length);
        return true;
    }

    /// <summary>Names of all files of an utterance begin with its number and id.</summary>
    public static bool TryReadNumberAndId(string name, out ulong number, out string id)
    {
        number = 0;
        id = "";
        if (name.Length <= NumberLength + IdLength || name[NumberLength] != '-'
            || !ulong.TryParse(name.AsSpan(0, NumberLength), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            || !Guid.TryParseExact(name.AsSpan(NumberLength + 1, IdLength), "D", out var guid) || number is 0 or > long.MaxValue)
        {
            return false;
        }

        id = guid.ToString("D");
        return true;
    }

    /// <summary>The time in the id, when nothing else is known.</summary>
    public static long TimeOf(string id) => Guid.TryParse(id, out var guid) && guid.Version == 7
        ? (long)(UInt128.Parse(guid.ToString("N"), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> 80)
        : 0;

    /// <summary>What the protocol takes.</summary>
    public static string Shorten(string detail)
    {
        var text = new StringBuilder(Math.Min(detail.Length, MaxDetailLength));
        foreach (var c in detail.Take(MaxDetailLength).Where(c => !char.IsControl(c) && !char.IsSurrogate(c)))
        {
            text.Append(c);
        }

        return text.ToString();
    }

    private static UtteranceLost? ReadContent(ReadOnlySpan<byte> content)
    {
        if (content.Length < FixedLength || !content.StartsWith(Magic))
        {
            return null;
        }

        var message = content[FixedLength..];
        if (BinaryPrimitives.ReadInt32LittleEndian(content[8..]) != message.Length
            || BinaryPrimitives.ReadUInt32LittleEndian(content[12..]) != Crc32C.Of(message))
        {
            return null;
        }

        try
        {
            return UtteranceLost.Parser.ParseFrom(message);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
