using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Fleet.DeviceAgent.Spool.Disk;

namespace Fleet.DeviceAgent.Spool.Encryption;

/// <summary>
/// What the spool is encrypted with (docs/spool.md): 32 random bytes in <c>spool.key</c> mixed with the machine's serial number, or a file
/// that the owner keeps on another medium.
/// </summary>
internal sealed class SpoolKey
{
    public const string FileName = "spool.key";

    public const int MinKeyFileLength = 16;
    public const int MaxKeyFileLength = 4096;

    private const int SecretLength = 32;

    // A serial number has few unknown digits: trying all of them shall take long, a start shall not.
    private const int Iterations = 100_000;

    private readonly byte[] _secret;

    private SpoolKey(byte[] secret)
    {
        _secret = secret;
        Id = BinaryPrimitives.ReadUInt64LittleEndian(HMACSHA256.HashData(secret, "fleet-spool-2 id"u8));
    }

    /// <summary>Tells one key from another, and nothing about either.</summary>
    public ulong Id { get; }

    /// <summary>
    /// The key in the state folder, made when there is none or it is damaged, with the machine's serial number; empty when it has none.
    /// </summary>
    /// <exception cref="IOException">The disk does not give or take it.</exception>
    public static SpoolKey OfInstall(ISpoolDisk disk, string stateFolder, string serial)
    {
        if (PeekInstall(disk, stateFolder, serial) is { } key)
        {
            return key;
        }

        var random = RandomNumberGenerator.GetBytes(SecretLength);
        DurableFile.Replace(disk, PathIn(stateFolder), Encoding.ASCII.GetBytes($"{Convert.ToHexStringLower(random)} {CheckOf(random)}\n"));
        return OfInstall(random, serial);
    }

    /// <summary>The same, and null where a new one would be made.</summary>
    /// <exception cref="IOException">The disk does not give it.</exception>
    public static SpoolKey? PeekInstall(ISpoolDisk disk, string stateFolder, string serial)
    {
        var path = PathIn(stateFolder);
        return disk.Exists(path) && TryParse(DurableFile.Read(disk, path, MaxKeyFileLength)) is { } random ? OfInstall(random, serial) : null;
    }

    /// <summary>A key that the owner gives.</summary>
    /// <exception cref="InvalidDataException">It is not there or cannot be one; the message says what to do.</exception>
    public static SpoolKey OfFile(ISpoolDisk disk, string path)
    {
        try
        {
            var content = DurableFile.Read(disk, path, MaxKeyFileLength);
            if (content.Length >= MinKeyFileLength)
            {
                return new SpoolKey(Derive(content, "fleet-spool-2 key file"u8));
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException(
                $"--spool-key-file '{path}' cannot be read ({ex.Message}) Mount its medium, or make one: head -c 32 /dev/urandom > '{path}'", ex);
        }

        throw new InvalidDataException(
            $"--spool-key-file '{path}' is too short for a key: {MinKeyFileLength} to {MaxKeyFileLength} bytes, as by head -c 32 /dev/urandom.");
    }

    public FileKeys For(ReadOnlySpan<byte> nonce)
    {
        Span<byte> keys = stackalloc byte[2 * SecretLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _secret, keys, nonce, "fleet-spool-2 file"u8);
        return new FileKeys(keys[..SecretLength].ToArray(), keys[SecretLength..].ToArray());
    }

    private static string PathIn(string stateFolder) => Path.Combine(stateFolder, FileName);

    private static SpoolKey OfInstall(byte[] random, string serial)
    {
        var machine = serial.Length > 0
            ? Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(serial), random, Iterations, HashAlgorithmName.SHA256, SecretLength)
            : [];
        return new SpoolKey(Derive([.. random, .. machine], "fleet-spool-2 install"u8));
    }

    private static byte[] Derive(byte[] material, ReadOnlySpan<byte> purpose)
    {
        var secret = new byte[SecretLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, material, secret, [], purpose);
        return secret;
    }

    private static byte[]? TryParse(byte[] content)
    {
        var words = Encoding.ASCII.GetString(content).Split(' ', '\n');
        if (words.Length < 2 || words[0].Length != 2 * SecretLength || !words[0].All(char.IsAsciiHexDigit))
        {
            return null;
        }

        var random = Convert.FromHexString(words[0]);
        return words[1] == CheckOf(random) ? random : null;
    }

    // A key that a worn card has changed opens nothing, and says nothing about it.
    private static string CheckOf(byte[] random) => Convert.ToHexStringLower(SHA256.HashData(random).AsSpan(0, 4));
}
