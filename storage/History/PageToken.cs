using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Storage;

/// <summary>Where a page ended, bound to the query that it belongs to.</summary>
internal readonly record struct PageToken(Guid UtteranceId, string DeviceId)
{
    private const byte Version = 1;
    private const int QueryHashLength = 4;
    private const int FixedLength = 1 + QueryHashLength + 16;
    private const int MaxLength = 1_024;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static PageToken Parse(string token, HistoryQuery query)
    {
        if (token.Length > MaxLength || !Base64Url.IsValid(token))
        {
            throw Malformed();
        }

        byte[] bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < FixedLength || bytes[0] != Version)
        {
            throw Malformed();
        }

        if (!bytes.AsSpan(1, QueryHashLength).SequenceEqual(Hash(query)))
        {
            throw new InvalidPageTokenException("The page token belongs to another query: ask for its first page.");
        }

        try
        {
            string deviceId = _utf8.GetString(bytes.AsSpan(FixedLength));
            return DatabaseText.IsStorable(deviceId)
                ? new PageToken(new Guid(bytes.AsSpan(1 + QueryHashLength, 16), bigEndian: true), deviceId)
                : throw Malformed();
        }
        catch (DecoderFallbackException)
        {
            throw Malformed();
        }
    }

    public string ToToken(HistoryQuery query)
    {
        byte[] bytes = new byte[FixedLength + _utf8.GetByteCount(DeviceId)];
        bytes[0] = Version;
        Hash(query).CopyTo(bytes.AsSpan(1));
        UtteranceId.TryWriteBytes(bytes.AsSpan(1 + QueryHashLength), bigEndian: true, out _);
        _utf8.GetBytes(DeviceId, bytes.AsSpan(FixedLength));
        return Base64Url.EncodeToString(bytes);
    }

    private static InvalidPageTokenException Malformed() => new("The page token is malformed: ask for the first page.");

    // The page size may change from page to page, nothing else.
    private static ReadOnlySpan<byte> Hash(HistoryQuery query)
    {
        string conditions = string.Join(
            '\u001F',
            [
                query.OldestFirst ? "oldest" : "newest",
                query.Text?.Trim() ?? "",
                query.From?.UtcTicks.ToString("x", null) ?? "",
                query.To?.UtcTicks.ToString("x", null) ?? "",
                string.Join('\u001E', query.DeviceIds.Order(StringComparer.Ordinal)),
                string.Join('\u001E', query.Statuses.Order().Select(status => (int)status)),
            ]);
        return SHA256.HashData(Encoding.UTF8.GetBytes(conditions)).AsSpan(0, QueryHashLength);
    }
}
