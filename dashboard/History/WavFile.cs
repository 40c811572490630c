using System.Buffers.Binary;
using Fleet.Storage;

namespace Fleet.Dashboard.History;

/// <summary>A WAV file (16-bit PCM, mono) of stored audio.</summary>
internal static class WavFile
{
    public const int HeaderLengthBytes = 44;
    private const int BytesPerSample = 2;

    public static byte[] Create(StoredAudio audio)
    {
        var length = audio.Pcm.Length & ~1; // Whole samples.
        var file = new byte[HeaderLengthBytes + length];
        WriteHeader(file, audio.SampleRateHz, length);
        audio.Pcm[..length].CopyTo(file.AsMemory(HeaderLengthBytes));
        return file;
    }

    private static void WriteHeader(Span<byte> header, int sampleRateHz, int dataLength)
    {
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], HeaderLengthBytes - 8 + dataLength);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16); // Length of the format that follows.
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1); // PCM.
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1); // Channels.
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], sampleRateHz * BytesPerSample);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], BytesPerSample); // Bytes a frame.
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], BytesPerSample * 8);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], dataLength);
    }
}
