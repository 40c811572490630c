using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Contracts.SignIn;

/// <summary>A password as it is kept: PBKDF2 with HMAC-SHA-256, one line <c>pbkdf2-sha256:iterations:salt:hash</c>.</summary>
public sealed class PasswordHash
{
    // OWASP's figure for PBKDF2-HMAC-SHA-256 (2023); stored in the line, so it can grow without breaking old files.
    private const int DefaultIterations = 600_000;
    private const int MaxIterations = 10_000_000;
    private const int SaltLengthBytes = 16;
    private const int HashLengthBytes = 32;
    private const string Scheme = "pbkdf2-sha256";

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())))[..32];
    }

    /// <summary>Names this password in a sign-in without telling anything of it; another password has another one.</summary>
    public string Fingerprint { get; }

    /// <summary>Takes some tenths of a second, on purpose.</summary>
    public static PasswordHash Create(string password, int iterations = DefaultIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltLengthBytes);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations, HashLengthBytes));
    }

    /// <summary>Reads the line; false when it is none.</summary>
    public static bool TryParse(string line, out PasswordHash? hash)
    {
        ArgumentNullException.ThrowIfNull(line);
        hash = null;
        var parts = line.Trim().Split(':');
        if (parts.Length != 4 || parts[0] != Scheme
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < 1 or > MaxIterations)
        {
            return false;
        }

        var salt = new byte[64];
        var derived = new byte[64];
        if (!Convert.TryFromBase64String(parts[2], salt, out var saltLength) || saltLength < 8
            || !Convert.TryFromBase64String(parts[3], derived, out var hashLength) || hashLength < 16)
        {
            return false;
        }

        hash = new PasswordHash(iterations, salt[..saltLength], derived[..hashLength]);
        return true;
    }

    /// <summary>Whether it is this password.</summary>
    public bool Verify(string password) =>
        CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations, _hash.Length), _hash);

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme}:{_iterations}:{Convert.ToBase64String(_salt)}:{Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations, int lengthBytes) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, lengthBytes);
}
