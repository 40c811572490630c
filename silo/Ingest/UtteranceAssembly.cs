using System.Buffers.Binary;
using System.Numerics;
using Fleet.V1;

namespace Fleet.Silo.Ingest;

/// <summary>Puts the chunks of one utterance together and checks that they are all there.</summary>
internal sealed class UtteranceAssembly(Guid utteranceId, UtteranceStart start, PooledAudio audio)
{
    // Of audio that an earlier session brought, too.
    private uint _crc = Crc32C(uint.MaxValue, audio.Pcm.Span);

    public Guid UtteranceId { get; } = utteranceId;

    public UtteranceStart Start { get; } = start;

    public PooledAudio Audio { get; } = audio;

    /// <summary>False: the chunk is not the next one.</summary>
    public bool TryAppend(ulong offsetBytes, ReadOnlySpan<byte> pcm)
    {
        if (offsetBytes != (ulong)Audio.Length)
        {
            return false;
        }

        Audio.Append(pcm);
        _crc = Crc32C(_crc, pcm);
        return true;
    }

    /// <summary>Null when complete, else what does not fit.</summary>
    public string? Verify(UtteranceEnd end)
    {
        if (end.LengthBytes != (ulong)Audio.Length)
        {
            return $"utterance_end.length_bytes is {end.LengthBytes}, but {Audio.Length} bytes arrived";
        }

        return end.HasCrc32C && end.Crc32C != ~_crc
            ? $"utterance_end.crc32c is {end.Crc32C:x8}, but what arrived has {~_crc:x8}"
            : null;
    }

    private static uint Crc32C(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return crc;
    }
}
