using System.Security.Cryptography;

namespace Fleet.Chaos.Ledgers;

/// <summary>SHA-256 as the ledger writes it.</summary>
internal static class Hashes
{
    public static string OfNothing { get; } = Of([]);

    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
