using System.Buffers;
using Fleet.DeviceAgent.Spool.Disk;
using Fleet.DeviceAgent.Spool.Encryption;
using Fleet.V1;

namespace Fleet.DeviceAgent.Spool.Container;

/// <summary>
/// Writes a container, from its header to its trailer, and owns its file. Whatever throws leaves what was flushed as it is.
/// </summary>
internal sealed class ContainerWriter : IDisposable
{
    private readonly ISpoolFile _file;
    private readonly SpoolHeader _header;
    private readonly FileKeys? _keys;
    private readonly CtrCipher? _cipher;
    private readonly ContainerDigest _digest;
    private long _markedBytes;
    private int _slot;

    public ContainerWriter(ISpoolFile file, SpoolHeader header, FileKeys? keys)
    {
        _file = file;
        _header = header;
        _keys = keys;
        _cipher = keys?.Cipher(StreamKind.Audio);
        _digest = new ContainerDigest(header, keys);
    }

    public long LengthBytes => _digest.LengthBytes;

    public void Append(ReadOnlySpan<byte> pcm)
    {
        if (_cipher is null)
        {
            _file.Write(pcm, _header.Length + LengthBytes);
            _digest.Append(pcm, pcm);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(pcm.Length);
        try
        {
            var stored = buffer.AsSpan(0, pcm.Length);
            pcm.CopyTo(stored);
            _cipher.Transform(stored, LengthBytes);
            _file.Write(stored, _header.Length + LengthBytes);
            _digest.Append(pcm, stored);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>
    /// What was appended is durable when this returns, and marked: after a power cut the end of the file may be anything, so that a length
    /// alone tells nothing.
    /// </summary>
    public void Flush()
    {
        if (LengthBytes == _markedBytes)
        {
            return;
        }

        Mark(isEnd: false);
        _file.Flush();
        _markedBytes = LengthBytes;
    }

    /// <summary>
    /// The audio is flushed before its trailer is written: so a trailer means that all of it was on the disk, and what does not fit it
    /// was damaged, not cut.
    /// </summary>
    public SpoolTrailer Finish(UtteranceEnd.Types.Reason reason)
    {
        Mark(isEnd: true);
        if (LengthBytes != _markedBytes)
        {
            _file.Flush();
        }

        var trailer = Describe(reason);
        Span<byte> bytes = stackalloc byte[SpoolFormat.TrailerLength];
        WriteTrailer(bytes, trailer, _digest, _keys);
        _file.Write(bytes, _header.Length + LengthBytes);
        _file.Flush();
        return trailer;
    }

    /// <summary>What the trailer would say now.</summary>
    public SpoolTrailer Describe(UtteranceEnd.Types.Reason reason) => new(LengthBytes, _digest.Crc32C, reason);

    public static void WriteTrailer(Span<byte> bytes, SpoolTrailer trailer, ContainerDigest digest, FileKeys? keys)
    {
        SpoolFormat.WriteTrailer(bytes, trailer, keys);
        digest.WriteMac(bytes, bytes.Slice(SpoolFormat.MacOffset, 32));
        SpoolFormat.CloseTrailer(bytes);
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        _digest.Dispose();
        _file.Dispose();
    }

    private void Mark(bool isEnd)
    {
        Span<byte> mark = stackalloc byte[SpoolFormat.MarkLength];
        SpoolFormat.WriteMark(mark, _digest.Mark with { IsEnd = isEnd });
        _file.Write(mark, SpoolFormat.MarkOffset(_header, _slot));
        _slot = (_slot + 1) % SpoolFormat.Marks;
    }
}
