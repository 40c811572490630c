using System.Buffers.Binary;

namespace Fleet.Storage;

/// <summary>The time within utterance ids, which are UUIDs of version 7: their first 48 bits are milliseconds since 1970 (UTC).</summary>
public static class UtteranceIdTime
{
    /// <summary>How far started_at may be from the time in the id without an utterance being overlooked by a time filter.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    private const long MaxUnixMilliseconds = (1L << 48) - 1;

    /// <summary>The smallest id of that millisecond: not smaller than any id before it, not greater than any id in it.</summary>
    public static Guid Floor(DateTimeOffset time)
    {
        long milliseconds = Math.Clamp(time.ToUnixTimeMilliseconds(), 0, MaxUnixMilliseconds);
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteInt64BigEndian(bytes, milliseconds << 16);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>As above, so much later or earlier; at the ends of time what is there.</summary>
    public static Guid Floor(DateTimeOffset time, TimeSpan shift) => Floor(
        shift < TimeSpan.Zero
            ? time - DateTimeOffset.UnixEpoch > -shift ? time + shift : DateTimeOffset.UnixEpoch
            : DateTimeOffset.MaxValue - time > shift ? time + shift : DateTimeOffset.MaxValue);

    /// <summary>The time in an id, to the millisecond.</summary>
    public static DateTimeOffset Of(Guid utteranceId)
    {
        Span<byte> bytes = stackalloc byte[16];
        utteranceId.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;

        // 48 bits reach beyond the year 9999, where DateTimeOffset ends.
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }
}
