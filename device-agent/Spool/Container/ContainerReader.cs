using System.Buffers;
using System.Security.Cryptography;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;

namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>Reads all audio of a container for its checksums.</summary>
internal static class ContainerReader
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>
    /// The checksums of the first <paramref name="length"/> bytes of audio; <paramref name="onStop"/> is told how they were after each of the
    /// lengths in <paramref name="stops"/>, which ascend.
    /// </summary>
    /// <exception cref="IOException">The disk fails, or the file is shorter.</exception>
    public static ContainerDigest Digest(
        ISpoolFile file, SpoolHeader header, FileKeys? keys, long length, IReadOnlyList<long>? stops = null, Action<SpoolMark>? onStop = null)
    {
        var digest = new ContainerDigest(header, keys);
        var buffer = ArrayPool<byte>.Shared.Rent(2 * PieceBytes);
        using var cipher = keys?.Cipher(StreamKind.Audio);
        try
        {
            var next = 0;
            while (true)
            {
                while (next < (stops?.Count ?? 0) && stops![next] == digest.LengthBytes) // not null: it has a count
                {
                    onStop?.Invoke(digest.Mark);
                    next++;
                }

                var until = next < (stops?.Count ?? 0) ? Math.Min(length, stops![next]) : length;
                var count = (int)Math.Min(PieceBytes, until - digest.LengthBytes);
                if (count <= 0)
                {
                    return digest;
                }

                var stored = buffer.AsSpan(0, count);
                if (DurableFile.ReadFully(file, stored, header.Length + digest.LengthBytes) < count)
                {
                    throw new EndOfStreamException("the file ends before its audio does");
                }

                var recorded = buffer.AsSpan(PieceBytes, count);
                stored.CopyTo(recorded);
                cipher?.Transform(recorded, digest.LengthBytes);
                digest.Append(recorded, stored);
            }
        }
        catch
        {
            digest.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: keys is not null);
        }
    }

    /// <summary>Whether the audio is what was recorded, and, when it is encrypted, whether nobody without the key has changed it.</summary>
    public static bool IsWhole(ISpoolFile file, SpoolHeader header, FileKeys? keys, SpoolTrailer trailer)
    {
        using var digest = Digest(file, header, keys, trailer.LengthBytes);
        if (digest.Crc32C != trailer.Crc32C || header.Version == 1)
        {
            return digest.Crc32C == trailer.Crc32C;
        }

        var stored = new byte[SpoolFormat.TrailerLength];
        var expected = new byte[SpoolFormat.TrailerLength];
        if (DurableFile.ReadFully(file, stored, header.Length + trailer.LengthBytes) < stored.Length)
        {
            return false;
        }

        ContainerWriter.WriteTrailer(expected, trailer, digest, keys);
        return CryptographicOperations.FixedTimeEquals(stored, expected);
    }
}
