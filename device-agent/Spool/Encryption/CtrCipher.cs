using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fleet.DeviceAgent.Spool.Encryption;

/// <summary>
/// AES-256 in counter mode (NIST SP 800-38A, 6.5), from any byte on: .NET has none. The cipher encrypts a counter, never the data, so no
/// two blocks of one key are alike; encrypting and decrypting are the same. Not thread safe.
/// </summary>
internal sealed class CtrCipher : IDisposable
{
    private const int BlockLength = 16;
    private const int MaxBlocks = 64;

    private readonly Aes _aes = Aes.Create();
    private readonly UInt128 _first;
    private readonly byte[] _counters = new byte[MaxBlocks * BlockLength];
    private readonly byte[] _keyStream = new byte[MaxBlocks * BlockLength];

    /// <param name="key">32 bytes. Never two streams with the same key and overlapping counters.</param>
    /// <param name="firstCounter">The counter of the first 16 bytes, big endian; each further block has the next one.</param>
    public CtrCipher(ReadOnlySpan<byte> key, ReadOnlySpan<byte> firstCounter)
    {
        _aes.SetKey(key);
        _first = BinaryPrimitives.ReadUInt128BigEndian(firstCounter);
    }

    /// <summary>Encrypts or decrypts in place what lies <paramref name="offset"/> bytes from the start of the stream.</summary>
    public void Transform(Span<byte> bytes, long offset)
    {
        var counter = _first + (UInt128)(offset / BlockLength);
        var skip = (int)(offset % BlockLength);
        while (bytes.Length > 0)
        {
            var blocks = Math.Min(MaxBlocks, (skip + bytes.Length + BlockLength - 1) / BlockLength);
            for (var i = 0; i < blocks; i++)
            {
                BinaryPrimitives.WriteUInt128BigEndian(_counters.AsSpan(i * BlockLength), counter++);
            }

            var length = blocks * BlockLength;
            _aes.EncryptEcb(_counters.AsSpan(0, length), _keyStream, PaddingMode.None);
            var taken = Math.Min(bytes.Length, length - skip);
            for (var i = 0; i < taken; i++)
            {
                bytes[i] ^= _keyStream[skip + i];
            }

            bytes = bytes[taken..];
            skip = 0;
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_keyStream);
        _aes.Dispose();
    }
}
