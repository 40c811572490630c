namespace Fleet.Audio;

/// <summary>A stream of which up to nine bytes can be put back: what follows an odd chunk is known only after it has been read.</summary>
internal sealed class WavStream(Stream stream)
{
    private readonly byte[] _back = new byte[9];
    private int _backLength;

    /// <summary>Bytes that are still there; null when the stream cannot tell.</summary>
    public long? Rest => stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) + _backLength : null;

    /// <summary>Fills the buffer, less only at the end of the stream.</summary>
    public int Read(Span<byte> bytes)
    {
        var fromBack = Math.Min(_backLength, bytes.Length);
        _back.AsSpan(0, fromBack).CopyTo(bytes);
        _back.AsSpan(fromBack, _backLength - fromBack).CopyTo(_back);
        _backLength -= fromBack;
        return fromBack + stream.ReadAtLeast(bytes[fromBack..], bytes.Length - fromBack, throwOnEndOfStream: false);
    }

    /// <summary>Gives bytes that were read last to the next reader.</summary>
    public void PutBack(ReadOnlySpan<byte> bytes)
    {
        _back.AsSpan(0, _backLength).CopyTo(_back.AsSpan(bytes.Length));
        bytes.CopyTo(_back);
        _backLength += bytes.Length;
    }

    /// <summary>Passes over bytes; false when the stream ends before.</summary>
    public bool TrySkip(long bytes)
    {
        if (Rest is { } rest)
        {
            if (bytes > rest)
            {
                return false;
            }

            var fromBack = (int)Math.Min(_backLength, bytes);
            Read(stackalloc byte[fromBack]);
            stream.Seek(bytes - fromBack, SeekOrigin.Current);
            return true;
        }

        Span<byte> buffer = stackalloc byte[1024];
        while (bytes > 0)
        {
            var read = Read(buffer[..(int)Math.Min(bytes, buffer.Length)]);
            if (read == 0)
            {
                return false;
            }

            bytes -= read;
        }

        return true;
    }

    /// <summary>From here on chunks follow that end exactly with the stream. Where it cannot be known: false.</summary>
    public bool IsAtChunks()
    {
        if (Rest is not { } rest || rest < 8)
        {
            return false;
        }

        var position = stream.Position - _backLength;
        try
        {
            Span<byte> header = stackalloc byte[8];
            var at = position;
            var end = position + rest;
            while (end - at >= header.Length)
            {
                stream.Position = at;
                stream.ReadExactly(header);
                if (!WavHeader.IsChunkId(header[..4]))
                {
                    return false;
                }

                var size = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
                at += header.Length + size + (size & 1);
            }

            // The last chunk may lack its pad byte.
            return at == end || at == end + 1;
        }
        finally
        {
            stream.Position = position + _backLength;
        }
    }
}
