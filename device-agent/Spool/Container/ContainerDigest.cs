using System.Security.Cryptography;
using Fleet.DeviceAgent.Spool.Encryption;

namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>The checksums of a container's audio, piece by piece: as it was recorded and as it lies in the file. Not thread safe.</summary>
internal sealed class ContainerDigest : IDisposable
{
    private readonly IncrementalHash? _authenticator;
    private Crc32C _recorded = new();
    private Crc32C _stored = new();

    public ContainerDigest(SpoolHeader header, FileKeys? keys)
    {
        _authenticator = keys?.Authenticator();
        _authenticator?.AppendData(header.Authenticated.Span);
    }

    public long LengthBytes { get; private set; }

    /// <summary>Of the PCM.</summary>
    public uint Crc32C => _recorded.Value;

    /// <summary>Of all audio so far, as the file has it.</summary>
    public SpoolMark Mark => new(LengthBytes, _stored.Value);

    public void Append(ReadOnlySpan<byte> recorded, ReadOnlySpan<byte> stored)
    {
        _recorded.Append(recorded);
        _stored.Append(stored);
        _authenticator?.AppendData(stored);
        LengthBytes += stored.Length;
    }

    /// <summary>The authentication code, with the beginning of the trailer; once, at the end.</summary>
    public void WriteMac(ReadOnlySpan<byte> trailer, Span<byte> mac)
    {
        mac.Clear();
        _authenticator?.AppendData(trailer[..SpoolFormat.MacOffset]);
        _authenticator?.GetHashAndReset(mac);
    }

    public void Dispose() => _authenticator?.Dispose();
}
