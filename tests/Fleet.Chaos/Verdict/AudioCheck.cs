using System.Security.Cryptography;
using Fleet.Chaos.Ledgers;

namespace Fleet.Chaos.Verdict;

/// <summary>Whether stored audio is what was heard, or a beginning of it.</summary>
internal static class AudioCheck
{
    public static bool IsWhole(LedgerEntry entry, ReadOnlySpan<byte> pcm) => pcm.Length == entry.Bytes && Hashes.Of(pcm) == entry.Sha256;

    /// <summary>
    /// A beginning of what was heard: of every piece that lies within it the hash fits. What is after the last of them is shorter than a piece and
    /// cannot be compared.
    /// </summary>
    public static bool IsBeginning(LedgerEntry entry, ReadOnlySpan<byte> pcm)
    {
        if (pcm.Length > entry.Bytes)
        {
            return false;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var hashed = 0;
        foreach (var part in entry.Parts)
        {
            if (part.Bytes > pcm.Length)
            {
                break;
            }

            hash.AppendData(pcm[hashed..(int)part.Bytes]);
            hashed = (int)part.Bytes;
            if (Convert.ToHexStringLower(hash.GetCurrentHash()) != part.Sha256)
            {
                return false;
            }
        }

        return true;
    }
}
