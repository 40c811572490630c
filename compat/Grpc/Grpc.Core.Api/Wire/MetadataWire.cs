namespace Grpc.Core.Wire;

/// <summary>Metadata entries as HTTP headers and back.</summary>
internal static class MetadataWire
{
    /// <summary>The header value of an entry; bytes are base64 without padding, as the protocol recommends.</summary>
    internal static string Format(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.BinaryValue).TrimEnd('=') : entry.Value;

    /// <summary>Adds the entries of one header value; a header that cannot be metadata is left out.</summary>
    /// <exception cref="FormatException">A binary value is not base64.</exception>
    internal static void Add(Metadata metadata, string name, string value)
    {
        if (WireNames.IsReserved(name) || !Metadata.Entry.IsValidKey(name))
        {
            return;
        }

        if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            metadata.Add(name, value);
            return;
        }

        // Proxies may join several values of one key by commas; base64 itself has none.
        foreach (string part in value.Split(',', StringSplitOptions.TrimEntries))
        {
            metadata.Add(name, Convert.FromBase64String(part.TrimEnd('=').PadRight((part.TrimEnd('=').Length + 3) / 4 * 4, '=')));
        }
    }
}
