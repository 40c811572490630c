using System.Buffers.Text;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Fleet.Storage;

/// <summary>A place in the change feed: after every change up to and including (xid, utterance, device).</summary>
public readonly record struct FeedPosition : IComparable<FeedPosition>
{
    /// <summary>Before the first change that is kept. Its token is "0".</summary>
    public static readonly FeedPosition Start;

    private const byte Version = 1;
    private const int FixedLength = 1 + sizeof(ulong) + 16;
    private const int MaxDeviceIdLength = 64;

    private readonly string? _deviceId;

    internal FeedPosition(ulong xid, Guid utteranceId, string deviceId)
    {
        Xid = xid;
        UtteranceId = utteranceId;
        _deviceId = deviceId;
    }

    internal ulong Xid { get; }

    internal Guid UtteranceId { get; }

    internal string DeviceId => _deviceId ?? "";

    public static bool operator <(FeedPosition left, FeedPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(FeedPosition left, FeedPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(FeedPosition left, FeedPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(FeedPosition left, FeedPosition right) => left.CompareTo(right) >= 0;

    /// <summary>Reads a token that <see cref="ToToken"/> made.</summary>
    public static bool TryParse([NotNullWhen(true)] string? token, out FeedPosition position)
    {
        position = Start;
        if (token == "0")
        {
            return true;
        }

        if (string.IsNullOrEmpty(token) || token.Length > 4 * (FixedLength + MaxDeviceIdLength) || !Base64Url.IsValid(token))
        {
            return false;
        }

        byte[] bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < FixedLength || bytes.Length > FixedLength + MaxDeviceIdLength || bytes[0] != Version)
        {
            return false;
        }

        ReadOnlySpan<byte> deviceId = bytes.AsSpan(FixedLength);
        if (deviceId.IndexOfAnyExceptInRange((byte)' ', (byte)'~') >= 0)
        {
            return false;
        }

        position = new FeedPosition(
            BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1)),
            new Guid(bytes.AsSpan(1 + sizeof(ulong), 16), bigEndian: true),
            Encoding.ASCII.GetString(deviceId));
        return true;
    }

    /// <summary>An opaque text for URLs and for storing.</summary>
    public string ToToken()
    {
        if (this == Start)
        {
            return "0";
        }

        byte[] bytes = new byte[FixedLength + Encoding.ASCII.GetByteCount(DeviceId)];
        bytes[0] = Version;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), Xid);
        UtteranceId.TryWriteBytes(bytes.AsSpan(1 + sizeof(ulong)), bigEndian: true, out _);
        Encoding.ASCII.GetBytes(DeviceId, bytes.AsSpan(FixedLength));
        return Base64Url.EncodeToString(bytes);
    }

    /// <inheritdoc />
    /// <remarks>The order of the database: xid, uuid by bytes, device id by bytes (its column has the collation "C").</remarks>
    public int CompareTo(FeedPosition other)
    {
        int order = Xid.CompareTo(other.Xid);
        if (order == 0)
        {
            order = UtteranceId.CompareTo(other.UtteranceId);
        }

        return order == 0 ? string.CompareOrdinal(DeviceId, other.DeviceId) : order;
    }

    /// <inheritdoc />
    public bool Equals(FeedPosition other) => CompareTo(other) == 0;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Xid, UtteranceId, DeviceId);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Xid}/{UtteranceId}/{DeviceId}");
}
