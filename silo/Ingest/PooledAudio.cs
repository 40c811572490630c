using System.Buffers;

namespace Fleet.Silo.Ingest;

/// <summary>
/// The PCM of one utterance in a rented buffer that grows. It has one owner at a time, who disposes it or hands it on: the session while it
/// arrives, then the writer, then the transcriber.
/// </summary>
internal sealed class PooledAudio : IDisposable
{
    // Four chunks of 100 ms: most utterances grow three or four times.
    private const int FirstRent = 16 * 1024;

    private readonly AudioMemory _memory;
    private byte[]? _buffer;

    public PooledAudio(AudioMemory memory)
    {
        _memory = memory;
        _buffer = ArrayPool<byte>.Shared.Rent(FirstRent);
    }

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Pcm => Buffer.AsMemory(0, Length);

    private byte[] Buffer => _buffer ?? throw new ObjectDisposedException(nameof(PooledAudio));

    /// <summary>Takes over audio that was read from the database.</summary>
    public static PooledAudio CopyOf(ReadOnlySpan<byte> pcm, AudioMemory memory)
    {
        var audio = new PooledAudio(memory);
        audio.Append(pcm);
        return audio;
    }

    public void Append(ReadOnlySpan<byte> pcm)
    {
        var needed = Length + pcm.Length;
        if (needed > Buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Buffer.Length * 2));
            Pcm.Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(Buffer);
            _buffer = larger;
        }

        pcm.CopyTo(Buffer.AsSpan(Length));
        Length = needed;
        _memory.Add(pcm.Length);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is not { } buffer)
        {
            return;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        _memory.Add(-Length);
    }
}
