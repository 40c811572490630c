using System.Security.Cryptography;

namespace Fleet.DeviceAgent.Spool.Encryption;

/// <summary>The keys of one container: its own, made of the spool's key and the container's nonce, so that no counter is used twice.</summary>
internal sealed class FileKeys(byte[] encryption, byte[] authentication)
{
    public const int NonceLength = 16;

    /// <summary>A new one for each use: it is not thread safe.</summary>
    public CtrCipher Cipher(StreamKind stream)
    {
        Span<byte> counter = stackalloc byte[16];
        counter.Clear();
        counter[0] = (byte)stream;
        return new CtrCipher(encryption, counter);
    }

    public IncrementalHash Authenticator() => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, authentication);
}
