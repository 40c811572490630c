using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fleet.Audio;

namespace Fleet.Cli.Keywords.Sounds;

/// <summary>Sound as keyword models take it, 16 kHz mono with 16 bits: from WAV files of any rate, and to files.</summary>
internal static class Wave16
{
    public const int RateHz = Resampler.OutputRateHz;
    private const int HeaderBytes = 44;

    /// <exception cref="WavFormatException">It is not a WAV file of a supported kind, or is damaged.</exception>
    public static short[] Read(string path)
    {
        var audio = WavReader.ReadFile(path);
        return audio.SampleRateHz == RateHz ? audio.Samples.ToArray() : Resampler.Resample(audio.Samples.Span, audio.SampleRateHz);
    }

    /// <summary>Length of a file without reading its samples.</summary>
    /// <exception cref="WavFormatException">It is not a WAV file of a supported kind.</exception>
    public static TimeSpan DurationOf(string path)
    {
        using var reader = WavReader.Open(path);
        return reader.SampleCount is { } count ? TimeSpan.FromSeconds((double)count / reader.SampleRateHz) : WavReader.ReadFile(path).Duration;
    }

    public static void Write(string path, ReadOnlySpan<short> samples)
    {
        var header = new byte[HeaderBytes];
        var span = header.AsSpan();
        "RIFF"u8.CopyTo(span);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], HeaderBytes - 8 + (samples.Length * 2));
        "WAVEfmt "u8.CopyTo(span[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(span[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(span[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], RateHz);
        BinaryPrimitives.WriteInt32LittleEndian(span[28..], RateHz * 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(span[34..], 16);
        "data"u8.CopyTo(span[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(span[40..], samples.Length * 2);
        using var file = File.Create(path);
        file.Write(header);
        file.Write(MemoryMarshal.AsBytes(samples));
    }
}
